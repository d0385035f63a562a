"""What partners do during a run: a seeded stream of commands through the public endpoint, each with a key of its own.

A command whose answer was lost is asked again with the same key until it is answered: that must have one effect. What is
drawn depends on the seed and on nothing that happens, so a scenario asks the same whatever else was run.
"""

from __future__ import annotations

import random
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import requests

from tests.resilience.faults.ground import Platform
from tests.resilience.faults.history import Command, History
from tests.support.waiting import NotInTime, until

PROVINCES = ("ID-JT", "ID-JB", "ID-BA", "ID-JK")
SECTORS = ("garments", "metal", "food_and_beverage")
LETTER = b"%PDF-1.4\n% A signed letter of commitment; invented.\n%%EOF\n"
LONGEST = 150.0  # seconds in which a command must be answered in the end
PRICED_DAYS = 30  # for how long there has been a price; classrooms much older would lapse during a run
OF_SEATS = {"managers": {"women": 1, "men": 1}, "workers": {"women": 2, "men": 1}}


class Stream:
    """Commands drawn from a seed.

    A delivery on days that have a price is invoiced; only those without one are ever reversed: whether a reversal comes
    before or after the invoice's number would otherwise be a matter of moments.
    """

    def __init__(self, seed: int, name: str) -> None:
        self._name, self._random = name, random.Random(f"{seed}/{name}")
        self._counted = 0
        self._providers: list[str] = []
        self._ready: list[tuple[str, str]] = []
        self._waiting: list[Command] = []

    def __iter__(self) -> Iterator[Command]:
        while True:
            yield self.draw()

    def draw(self) -> Command:
        if self._waiting:
            return self._waiting.pop(0)
        chance = self._random.random()
        if not self._providers or chance < 0.08:
            return self.institution()
        if chance < 0.12:
            return self._suspended()
        if chance < 0.18:
            return Command("nonsense", self._named("nonsense"), (self._providers[0],))
        if self._ready and chance < 0.6:
            first, *rest = self.delivery()
            self._waiting += rest
            return first
        return self.enterprise()

    def institution(self) -> Command:
        self._providers.append(name := self._named("institution"))
        return Command("institution", name, body={"province": self._random.choice(PROVINCES)})

    def enterprise(self) -> Command:
        provider, name = self._random.choice(self._providers), self._named("enterprise")
        self._ready.append((name, provider))
        body = {"province": self._random.choice(PROVINCES), "sector": self._random.choice(SECTORS),
                "women": self._random.randrange(1, 90)}  # fmt: skip
        return Command("enterprise", name, (provider,), body)

    def delivery(self, *, invoiced: bool | None = None) -> list[Command]:
        """All that leads to a delivered classroom of one or two enterprises."""
        enterprise, provider = self._ready.pop(self._random.randrange(len(self._ready)))
        training = self._named("training")
        invoiced = self._random.random() < 0.6 if invoiced is None else invoiced
        commands = [
            Command("training", training, (provider,), {"days": days_ago(10, 9) if invoiced else days_ago(50, 49)}),
            Command("seat", f"{training}/{enterprise}", (training, enterprise)),
            Command("delivery", training, (enterprise,)),
        ]
        if not invoiced and self._random.random() < 0.5:
            commands.append(self.reversal(training))
        return commands

    def reversal(self, training: str) -> Command:
        return Command("reversal", training)

    def _suspended(self) -> Command:
        name = self._named("institution")
        self._waiting.append(Command("suspension", name))
        return Command("institution", name, body={"province": "ID-JK"})

    def _named(self, kind: str) -> str:
        self._counted += 1
        return f"{kind} {self._name} {self._counted}"


class Clients:
    """Gives commands to a platform and keeps the history."""

    def __init__(self, platform: Platform) -> None:
        self._platform, self.history = platform, History()
        self._session = requests.Session()
        self._token = platform.client.token("programme")

    def set_prices(self) -> None:
        price = {
            "module": "M1",
            "amount": {"amount": 15_000_000, "currency": "IDR"},
            "valid_from": days_ago(PRICED_DAYS)[0],
        }
        self._platform.client.post("finance", "/v1/prices", self._token, price, key="price-M1")

    def give(self, command: Command, *, once: bool = False) -> bool:
        """Ask, again while the answer is lost; false when `once` and it was lost."""
        if command.kind == "seat":
            self._enroll(self.history.ids[command.of[1]], command.of[1])
        path, body = self._request(command)
        deadline = time.monotonic() + LONGEST
        self.history.note("invoke", command)
        while True:
            answer = self._ask(path, body, command.key)
            if answer is not None and answer.status_code < 300:
                if command.kind in ("institution", "enterprise", "training"):
                    self.history.ids[command.name] = answer.json()["id"]
                self.history.note("ok", command)
                return True
            if answer is not None and answer.status_code < 500 and "Retry-After" not in answer.headers:
                self._refused(command, answer)
                return True
            self.history.note("info", command)
            if once:
                return False
            if time.monotonic() > deadline:
                raise NotInTime(f"not answered within {LONGEST:.0f} s: {command.key}, last {answer and answer.text}")
            time.sleep(0.1)

    def drive(self, stream: Stream, most: int, ended: Callable[[], object] = lambda: False) -> None:
        """Up to `most` commands, or until something has ended."""
        for _ in range(most):
            if ended():
                return
            self.give(stream.draw())

    def drive_until(self, stream: Stream, ended: Callable[[], object], what: str, most: int) -> None:
        """Commands until something has ended; when all are given it still has its time to end."""
        self.drive(stream, most, ended)
        until(ended, what)

    def _enroll(self, enterprise: str, name: str) -> None:
        """All that comes before a seat, each asked until it is answered; a repeat is answered as the first time."""
        path, key = f"/v1/enterprises/{enterprise}", name.replace(" ", "_")
        day = days_ago(60)[0]
        letter = self._until_answered(f"{path}/letters", LETTER, f"letter-{key}")
        signed = {"signed_on": day, "plan": ["M1"], "letter_id": letter.json()["id"]}
        self._until_answered(f"{path}/screening", {"screened_on": day, "reasons": []}, f"screening-{key}")
        self._until_answered(f"{path}/commitment", signed, f"commitment-{key}")
        self._until_answered(f"{path}/enrolment", {"enrolled_on": day}, f"enrolment-{key}")

    def _until_answered(self, path: str, body: dict[str, Any] | bytes, key: str) -> requests.Response:
        deadline = time.monotonic() + LONGEST
        while True:
            answer = self._ask(path, body, key)
            if answer is not None and answer.status_code < 300:
                return answer
            if answer is not None and answer.status_code < 500 and "Retry-After" not in answer.headers:
                raise AssertionError(f"{key} was refused: {answer.status_code} {answer.text}")
            if time.monotonic() > deadline:
                raise NotInTime(f"not answered within {LONGEST:.0f} s: {key}")
            time.sleep(0.1)

    def _refused(self, command: Command, answer: requests.Response) -> None:
        assert command.kind == "nonsense", f"{command.key} was refused: {answer.status_code} {answer.text}"
        self.history.note("fail", command)

    def _ask(self, path: str, body: dict[str, Any] | bytes, key: str) -> requests.Response | None:
        file = isinstance(body, bytes)
        sent: dict[str, Any] = {"data": body} if file else {"json": body}
        headers = {"Authorization": f"Bearer {self._token}", "Idempotency-Key": key, "Accept-Language": "en"}
        headers |= {"Content-Type": "application/octet-stream"} if file else {}
        url = self._platform.client.url("enrollment", path)
        try:
            return self._session.post(url, headers=headers, timeout=15, **sent)
        except requests.RequestException:
            return None

    def _request(self, command: Command) -> tuple[str, dict[str, Any]]:
        of = [self.history.ids.get(name, "") for name in command.of]
        own = self.history.ids.get(command.name, "")
        match command.kind:
            case "institution":
                return "/v1/institutions", {"kind": "private_provider", "name": command.name, **command.body}
            case "suspension":
                return f"/v1/institutions/{own}/suspension", {"reason": "audit"}
            case "enterprise" | "nonsense":
                return "/v1/enterprises", _enterprise(command, of[0])
            case _:
                return _about_training(command, own, of)


def _about_training(command: Command, own: str, of: list[str]) -> tuple[str, dict[str, Any]]:
    match command.kind:
        case "training":
            lead = str(uuid.uuid5(uuid.NAMESPACE_OID, command.name))
            described = {"venue": command.name, "provider_id": of[0], "lead_trainer_id": lead}
            return "/v1/trainings", {"module": "M1", **command.body, **described}
        case "seat":
            return f"/v1/trainings/{of[0]}/rosters", {"enterprise_id": of[1], "seats": OF_SEATS}
        case "delivery":
            attendance = [{"enterprise_id": of[0], "attended": OF_SEATS}]
            return f"/v1/trainings/{own}/delivery", {"attendance": attendance}
        case _:
            return f"/v1/trainings/{own}/delivery/reversal", {"reason": "entry_error"}


def days_ago(*numbers: int) -> list[str]:
    today = datetime.now(UTC).date()
    return [(today - timedelta(days=number)).isoformat() for number in numbers]


def _enterprise(command: Command, provider_id: str) -> dict[str, Any]:
    women = -1 if command.kind == "nonsense" else command.body["women"]
    return {
        "name": command.name, "legal_form": "PT", "province": command.body.get("province", "ID-JT"),
        "sector": command.body.get("sector", "metal"), "headcount": {"women": women, "men": 40},
        "contact": {"name": "Sari", "email": f"{command.key}@example.org".lower(), "language": "id"}, "provider_id": provider_id,
    }  # fmt: skip
