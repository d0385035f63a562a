"""The steps of a programme cycle, as a partner's system would take them over HTTP."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from deploy.platform.client import Client, Refused
from shared.kernel import clock
from shared.reference.zones import WIB

SEATS = {"managers": {"women": 1, "men": 1}, "workers": {"women": 1, "men": 1}}
LETTER = b"%PDF-1.4\n% A signed letter of commitment; invented.\n%%EOF\n"
EVALUATION = re.compile(r"/evaluations/(\S+)")
Say = Callable[[str], None]


@dataclass(slots=True)
class Provider:
    """A training provider with a certified trainer, able to act."""

    client: Client
    institution_id: str
    trainer_id: str

    @property
    def token(self) -> str:
        return self.client.token("provider", institution=self.institution_id)

    @property
    def trainer_token(self) -> str:
        return self.client.token("trainer", trainer=self.trainer_id)

    def enroll(self, described: dict[str, Any], plan: list[str] | None = None, *, key: str | None = None) -> str:
        """Take an enterprise from its sign-up to its enrolment with a plan of modules."""
        enterprise = self.sign_up(described, key=key)
        self.screen(enterprise, key=key)
        self.commit(enterprise, plan or ["M1"], key=key)
        return enterprise

    def sign_up(self, described: dict[str, Any], *, key: str | None = None) -> str:
        enterprise: str = self.client.post("enrollment", "/v1/enterprises", self.token, described, key=key)["id"]
        return enterprise

    def screen(self, enterprise: str, *, key: str | None = None) -> None:
        """Screen an enterprise: the site survey found nothing against it."""
        screened = {"screened_on": days_ago(40)[0].isoformat(), "reasons": []}
        self._post_step(enterprise, "screening", screened, key)

    def commit(self, enterprise: str, plan: list[str], *, key: str | None = None) -> None:
        """Upload the letter, sign the commitment and agree on the plan; the enterprise is enrolled."""
        path = f"/v1/enterprises/{enterprise}/letters"
        letter = self.client.upload("enrollment", path, self.token, LETTER, key=_request_key(key, "letter"))["id"]
        signed = {
            "signed_on": days_ago(38)[0].isoformat(),
            "letter_id": letter,
            "plan": plan,
            "enterprise_share_percent": 50,
        }
        self._post_step(enterprise, "commitment", signed, key)
        self._post_step(enterprise, "enrolment", {"enrolled_on": days_ago(36)[0].isoformat()}, key)

    def register_people(self, enterprise: str, people: list[dict[str, str]], *, key: str | None = None) -> list[str]:
        """Register participants who consent to take part, and those with an address to be written to."""
        purposes = {True: ["training", "contact"], False: ["training"]}
        return [
            self.client.post(
                "enrollment", "/v1/participants", self.token,
                {**person, "enterprise_id": enterprise, "consent": {"purposes": purposes["email" in person]}},
                key=_request_key(key, "participant", enterprise, str(number)),
            )["id"]
            for number, person in enumerate(people)
        ]  # fmt: skip

    def schedule(
        self,
        module: str,
        days: list[date],
        enterprises: list[str],
        *,
        people: dict[str, list[str]] | None = None,
        key: str | None = None,
    ) -> str:
        """Schedule a classroom with these enterprises on its rosters, by number or, where `people` knows them, by participant."""
        request = {
            "module": module,
            "days": [day.isoformat() for day in days],
            "zone": WIB,
            "lead_trainer_id": self.trainer_id,
        }
        training: str = self.client.post("enrollment", "/v1/trainings", self.token, request, key=key)["id"]
        for enterprise in enterprises:
            participants = (people or {}).get(enterprise)
            roster = {
                "enterprise_id": enterprise,
                **({"participant_ids": participants} if participants else {"seats": SEATS}),
            }
            self.client.post(
                "enrollment",
                f"/v1/trainings/{training}/rosters",
                self.token,
                roster,
                key=_request_key(key, "roster", enterprise),
            )
        return training

    def attend(self, training: str, days: list[date], people: list[str]) -> None:
        """Enter, as the trainer, who was there on each day."""
        for day in days:
            present = {"day": day.isoformat(), "participant_ids": people}
            self.client.post("enrollment", f"/v1/trainings/{training}/attendance", self.trainer_token, present)

    def deliver(self, training: str, enterprises: list[str], *, key: str | None = None) -> None:
        """Close the attendance list of enterprises that are on their rosters by number."""
        attendance = [{"enterprise_id": enterprise, "attended": SEATS} for enterprise in enterprises]
        self.client.post(
            "enrollment", f"/v1/trainings/{training}/delivery", self.token, {"attendance": attendance},
            key=_request_key(key, "delivery"),
        )  # fmt: skip

    def evaluate(self, email: str, marks: dict[str, int]) -> None:
        """Answer the evaluation as a participant, by the link of the letter that came, without an account."""
        link = self.client.until(f"a letter to {email}", lambda: self._mailed_link(email))
        self.client.post_openly("enrollment", "/v1/evaluations", {"link": link, "marks": marks})

    def _mailed_link(self, email: str) -> str | None:
        mails = [mail for mail in self.client.mailbox() if mail["correlation"] == self.client.correlation_id]
        texts = (mail["text"] for mail in mails if email in mail["to"])
        return next((found[1] for text in texts if (found := EVALUATION.search(text))), None)

    def visit(self, enterprise: str, module: str, number: int, day: date, *, key: str | None = None) -> str:
        """Hold a visit, reported by the trainer and accepted by the provider's staff."""
        planned = {
            "enterprise_id": enterprise, "module": module, "number": number, "planned_on": day.isoformat(),
            "minutes": 180, "trainer_id": self.trainer_id,
        }  # fmt: skip
        visit: str = self.client.until(
            "consulting knows the enterprise and its classroom",
            lambda: self._schedule_visit(planned, _request_key(key, "visit", str(number))),
        )
        reported = {
            "visited_on": day.isoformat(), "minutes": 180,
            "findings": "Walk-through of the workshop with the improvement team.",
            "actions": "Mark the walkways; hold a daily meeting of ten minutes.",
        }  # fmt: skip
        path = f"/v1/visits/{visit}"
        self.client.post(
            "consulting", f"{path}/report", self.trainer_token, reported, key=_request_key(key, "report", str(number))
        )
        self.client.post("consulting", f"{path}/acceptance", self.token, key=_request_key(key, "accept", str(number)))
        return visit

    def _post_step(self, enterprise: str, step: str, body: dict[str, Any], key: str | None) -> None:
        self.client.post(
            "enrollment", f"/v1/enterprises/{enterprise}/{step}", self.token, body, key=_request_key(key, step)
        )

    def _schedule_visit(self, planned: dict[str, Any], key: str | None) -> str | None:
        try:
            visit: str = self.client.post("consulting", "/v1/visits", self.token, planned, key=key)["id"]
        except Refused as refused:
            unknown = any(fault.get("code") == "unknown-enterprise" for fault in refused.problem.get("errors", []))
            if unknown or refused.problem.get("type") == "/problems/gate-closed":
                return None  # the events that the enterprise exists and had its classroom are still on their way
            raise
        return visit


def found_provider(
    client: Client, described: dict[str, Any], trainers: list[dict[str, Any]], *, key: str | None = None
) -> list[Provider]:
    """Register a provider and certify its trainers for M1; one `Provider` per trainer."""
    programme = client.token("programme")
    institution = client.post(
        "enrollment", "/v1/institutions", programme, described, key=_request_key(key, "institution")
    )["id"]
    providers = []
    for number, trainer in enumerate(trainers):
        request = {**trainer, "institution_id": institution}
        trainer_id = client.post(
            "certification", "/v1/trainers", programme, request, key=_request_key(key, "trainer", str(number))
        )["id"]
        today = clock.today(WIB)
        certificate = {
            "module": "M1",
            "valid_from": (today - timedelta(days=365)).isoformat(),
            "valid_to": (today + timedelta(days=730)).isoformat(),
            "document_reference": f"Register of certificates, entry {number + 1}",
        }
        client.post(
            "certification", f"/v1/trainers/{trainer_id}/certificates", programme, certificate,
            key=_request_key(key, "certificate", str(number)),
        )  # fmt: skip
        providers.append(Provider(client, institution, trainer_id))
    return providers


def days_ago(*numbers: int) -> list[date]:
    return [clock.today(WIB) - timedelta(days=number) for number in numbers]


def _request_key(key: str | None, *parts: str) -> str | None:
    """Make a key for one request of a run that may be repeated; None lets every run make its own."""
    return None if key is None else "-".join([key, *parts])
