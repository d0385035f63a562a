"""`score demo`: an enterprise from sign-up to graduation; its training becomes an invoice, a letter and a count.

Everything but the tokens goes through the public HTTP endpoints. At its end exactly one invoice and one letter about it belong to
this run's correlation id, and the count of trained enterprises has risen by exactly one; anything else is a failure.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import click
import requests

from deploy.cli.story import read_story, told
from deploy.demo.cycle import Provider, days_ago, found_provider
from deploy.platform.client import Client, NotSeen, Refused, client_for
from deploy.platform.keys import KeyMissing
from deploy.platform.locate import running
from shared.kernel import ids

TRAINED = "T5"
PLAN = ["M1"]
PEOPLE = [
    {"name": "Ratna", "sex": "female", "role": "manager", "email": "ratna.peserta@example.org"},
    {"name": "Agus", "sex": "male", "role": "manager", "email": "agus.peserta@example.org"},
    {"name": "Sari", "sex": "female", "role": "worker", "email": "sari.peserta@example.org"},
    {"name": "Joko", "sex": "male", "role": "worker", "email": "joko.peserta@example.org"},
]
MARKS = ("overall", "content", "usefulness", "trainer", "organisation")


class Unexpected(Exception):
    """The platform did something other than the programme asks for."""


class Demonstration:
    def __init__(self, client: Client, *, silent: bool) -> None:
        self._client, self._silent = client, silent
        self._began = time.monotonic()
        self._programme = client.token("programme")

    def run(self) -> dict[str, Any]:
        client, name = self._client, f"Demo {ids.new().hex[-6:]}"
        trained_before = self._trained()
        self._say(f"correlation id {client.correlation_id}; {trained_before} enterprises trained so far")
        provider = self._provider(name)
        enterprise = self._enrolled(provider, name)
        training = self._trained_people(provider, enterprise)
        for number, day in enumerate(days_ago(7, 5, 3), start=1):
            provider.visit(enterprise, "M1", number, day)
            self._say(f"visit {number} reported by the trainer, accepted by the provider")
        journey = client.until("module M1 completed", lambda: self._completed(provider, enterprise))
        self._say(f"module completed on {journey['completed_on']}")
        graduated = client.until("the enterprise has graduated", lambda: self._graduated(provider, enterprise))
        self._say(f"every module of the plan is completed: graduated on {graduated}")
        invoice = self._one_invoice(provider)
        self._say(f"invoice {invoice['number']} over {invoice['total']['amount']:,} IDR")
        letter = self._one_letter(provider)
        self._say(f"letter {letter['id']} is in the mailbox: {letter['subject']}")
        self._require_one_more_trained(trained_before)
        self._say(f"{trained_before + 1} enterprises trained: the count rose by exactly one")
        return {
            "correlation_id": client.correlation_id, "institution": provider.institution_id, "enterprise": enterprise,
            "training": training, "journey": journey["id"], "invoice": invoice["id"], "letter": letter["id"],
            "story": read_story(client, client.correlation_id),
        }  # fmt: skip

    def _enrolled(self, provider: Provider, name: str) -> str:
        enterprise = provider.sign_up(_enterprise(name))
        self._say(f"enterprise signed up: {enterprise}")
        provider.screen(enterprise)
        self._say("screened: eligible")
        provider.commit(enterprise, PLAN)
        self._say(f"commitment signed, letter uploaded, enrolled with the plan {', '.join(PLAN)}")
        return enterprise

    def _trained_people(self, provider: Provider, enterprise: str) -> str:
        people = provider.register_people(enterprise, PEOPLE)
        self._say(f"{len(people)} participants registered, each with consent")
        days = days_ago(10, 9)
        training = provider.schedule("M1", days, [enterprise], people={enterprise: people})
        self._say(f"training scheduled with a certified lead trainer, {len(people)} participants seated: {training}")
        provider.attend(training, days, people)
        provider.deliver(training, [])
        self._say("attendance of both days entered, training delivered")
        for person, mark in zip(PEOPLE, (5, 4, 4, 3), strict=True):
            provider.evaluate(person["email"], dict.fromkeys(MARKS, mark))
        self._say(f"{len(people)} participants evaluated it by the link of their letter; too few to be published")
        return training

    def _provider(self, name: str) -> Provider:
        institution = {
            "kind": "private_provider",
            "name": f"{name} Training",
            "province": "ID-JT",
            "email": "provider@example.org",
        }
        trainer = {"name": "Wulan", "sex": "female", "kind": "provider", "email": "wulan@example.org", "language": "id"}
        provider = found_provider(self._client, institution, [trainer])[0]
        self._say(f"institution registered, trainer certified for M1: {provider.institution_id}")
        price = {"module": "M1", "amount": {"amount": 12_500_000, "currency": "IDR"}, "valid_from": "2020-01-01"}
        self._client.post("finance", "/v1/prices", provider.token, price)
        return provider

    def _trained(self) -> int:
        results = self._client.get("reporting", "/v1/results", self._programme)
        figure = next(figure for figure in results["figures"] if figure["code"] == TRAINED)
        return int(figure["result"] or 0)

    def _completed(self, provider: Provider, enterprise: str) -> Any:
        journeys = self._client.get("enrollment", "/v1/journeys", provider.token, enterprise_id=enterprise)["items"]
        return next((journey for journey in journeys if journey["state"] == "completed"), None)

    def _graduated(self, provider: Provider, enterprise: str) -> Any:
        record = self._client.get("enrollment", f"/v1/enterprises/{enterprise}", provider.token)
        return record["graduated_on"] if record["state"] == "graduated" else None

    def _one_invoice(self, provider: Provider) -> dict[str, Any]:
        def issued() -> list[dict[str, Any]]:
            invoices = self._client.get(
                "finance", "/v1/invoices", provider.token, correlation_id=self._client.correlation_id
            )["items"]
            return invoices if any(invoice["state"] == "issued" for invoice in invoices) else []

        invoices: list[dict[str, Any]] = self._client.until("an invoice", issued)
        self._settle()
        invoices = issued()
        if len(invoices) != 1:
            raise Unexpected(f"{len(invoices)} invoices belong to this run, not one")
        return invoices[0]

    def _one_letter(self, provider: Provider) -> dict[str, Any]:
        def sent() -> list[dict[str, Any]]:
            about = {"correlation_id": self._client.correlation_id, "template": "invoice_issued"}
            letters = self._client.get("notifications", "/v1/letters", provider.token, **about)["items"]
            return letters if any(letter["state"] == "sent" for letter in letters) else []

        self._client.until("a letter", sent)
        self._settle()
        letters = sent()
        mails = [mail for mail in self._client.mailbox() if mail["message_id"].startswith(f"<{letters[0]['id']}@")]
        if len(letters) != 1 or len(mails) != 1:
            raise Unexpected(f"{len(letters)} letters and {len(mails)} mails belong to this run, not one of each")
        return {**letters[0], "subject": mails[0]["subject"]}

    def _require_one_more_trained(self, before: int) -> None:
        self._client.until("the count of trained enterprises has risen", lambda: self._trained() > before)
        self._settle()
        after = self._trained()
        if after != before + 1:
            raise Unexpected(f"the count of trained enterprises went from {before} to {after}")

    def _settle(self) -> None:
        self._client.until("nothing is on its way any more", self._client.quiet)

    def _say(self, sentence: str) -> None:
        if not self._silent:
            click.echo(f"{time.monotonic() - self._began:6.2f} s  {sentence}")


def _enterprise(name: str) -> dict[str, Any]:
    return {
        "name": name, "legal_form": "CV", "province": "ID-JT", "place": "Kudus", "sector": "food_and_beverage", "kbli": "10792",
        "headcount": {"women": 34, "men": 21}, "delivery_mode": "direct",
        "contact": {"name": "Ratna", "email": "ratna@example.org", "language": "en"},
    }  # fmt: skip


@click.command(
    epilog="Exit codes: 0 everything followed as it should, 1 something did not (it is said), 2 wrong usage."
)
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), envvar="SCORE_DATA", default=Path(".data"),
              show_default=True, help="Data folder of the running platform.")  # fmt: skip
@click.option("--ports-offset", type=click.IntRange(0, 30000), help="Default: that of the running stack.")
@click.option("--json", "as_json", is_flag=True, help="Print every request with its ids instead of the steps.")
def demo(data: Path, ports_offset: int | None, as_json: bool) -> None:
    """Drive a programme cycle through the public HTTP endpoints of a running platform.

    \b
    Examples:
      score up            (in one terminal)
      score demo          (in another)
      score demo --json
    """
    if ports_offset is None and running(data.resolve()) is None:
        click.echo(
            f"nothing runs on {data.resolve()}: start it with `score up`, or name its folder with --data", err=True
        )
        sys.exit(1)
    client = client_for(data, ports_offset)
    try:
        client.until("the platform is ready (start it with `make up`)", client.ready)
        result = Demonstration(client, silent=as_json).run()
    except (Refused, NotSeen, Unexpected, KeyMissing, requests.RequestException) as failure:
        click.echo(f"failed: {failure}", err=True)
        sys.exit(1)
    if as_json:
        exchanges = [{"method": e.method, "url": e.url, "status": e.status, "id": e.id} for e in client.exchanges]
        click.echo(json.dumps({**result, "requests": exchanges}, indent=2))
        return
    click.echo("\nThe story of this run:")
    click.echo(told(result["story"]))
