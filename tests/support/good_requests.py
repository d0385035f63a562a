"""One good request for each operation that changes something: what must exist before it, and what it sends.

`ORDERS` has a line for every such operation; a new one without a line fails `test_every_change_has_a_good_request`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from services.certification.partners.commands import keep_partner
from services.certification.qualifications.commands import suspend_certificate
from services.consulting.readings import commands as readings_commands
from services.notifications.letters.model import Letter
from services.notifications.sending.commands import Settled, store
from services.notifications.sending.rules import Outcome
from shared.kernel import ids
from shared.kernel.context import acting_as
from tests.support import factories
from tests.support.assessments import assessed, measured, viewer
from tests.support.billing import billed_for
from tests.support.enrollment_requests import ENROLLMENT
from tests.support.factories import ALPHA, STAFF, days_ago
from tests.support.improvement_plans import TEAM, planned
from tests.support.request_order import Order, made_from_schema
from tests.support.tokens import signed_link


def _schedule_visit() -> Order:
    named = {"enterprise_id": factories.known_enterprise(ALPHA), "trainer_id": factories.visiting(of=ALPHA)}
    body = made_from_schema("schedule_visit", **{field: str(row_id) for field, row_id in named.items()})
    return Order(body=body, other={**body, "minutes": 90})


def _visit(state: str, body: dict[str, Any] | None, other: dict[str, Any] | None) -> Callable[[], Order]:
    return lambda: Order({"visit_id": factories.visit(ALPHA, to=state).id}, body, other)


def _report() -> Order:
    body = made_from_schema(
        "report_visit",
        visited_on=days_ago(2)[0].isoformat(),
        checklist=[{"item": "owner-met", "answer": "yes"}],
    )
    return Order({"visit_id": factories.visit(ALPHA).id}, body, {**body, "findings": "Lain"})


def _confirm_visit() -> Order:
    return Order(
        {"visit_id": factories.visit(ALPHA, to="reported").id},
        {"answer": "confirmed"},
        {"answer": "disputed", "comment": "Hanya satu jam."},
    )


def _confirm_visit_by_link() -> Order:
    visit = factories.visit(ALPHA, to="reported")
    link = signed_link(visit.enterprise_id, visit.id, purpose="visit")
    other = {"link": link, "answer": "disputed", "comment": "Hanya satu jam."}
    return Order(body={"link": link, "answer": "confirmed"}, other=other)


def _start_assessment() -> Order:
    body = {"enterprise_id": str(factories.known_enterprise(ALPHA)), "trainer_id": str(factories.visiting(of=ALPHA))}
    return Order(body={**body, "kind": "baseline"}, other={**body, "kind": "followup_6"})


def _assign_assessment() -> Order:
    others = [{"trainer_id": str(factories.visiting(of=ALPHA))} for _ in range(2)]
    return Order({"assessment_id": assessed(ALPHA, to="open").id}, *others)


def _assessment(body: dict[str, Any], other: dict[str, Any]) -> Callable[[], Order]:
    return lambda: Order({"assessment_id": assessed(ALPHA, to="open").id}, body, other)


def _readings(numerator: int) -> dict[str, Any]:
    return {"readings": [measured("DEFECT", numerator, 1000, period="month", source="records")]}


ACTIONS = [
    {
        "theme": "order",
        "text": words,
        "owner_role": "supervisor",
        "due_on": "2026-12-01",
        "cost": {"amount": 500_000, "currency": "IDR"},
        "effect": "Lorong bebas",
    }
    for words in ("Tandai lorong gudang", "Tandai pintu gudang")
]


def _start_plan() -> Order:
    body = {"enterprise_id": str(factories.known_enterprise(ALPHA)), "module": "M1"}
    return Order(*({}, *({**body, "trainer_id": str(factories.visiting(of=ALPHA))} for _ in range(2))))


def _on_action(state: str, *bodies: dict[str, Any]) -> Callable[[], Order]:
    def order() -> Order:
        plan = planned(ALPHA, to=state)
        return Order({"plan_id": plan.id, "action_id": plan.actions[0].id}, *bodies)

    return order


def _release_readings() -> Order:
    others = [{"viewer_id": str(viewer())} for _ in range(2)]
    return Order({"enterprise_id": factories.known_enterprise(ALPHA)}, *others)


def _withdraw_release() -> Order:
    enterprise_id, chosen = factories.known_enterprise(ALPHA), viewer()
    readings_commands.release_readings(enterprise_id, viewer_id=chosen)
    return Order({"enterprise_id": enterprise_id, "viewer_id": chosen})


def _register_trainer() -> Order:
    keep_partner(ALPHA, kind="private_provider")
    body = made_from_schema("register_trainer", institution_id=str(ALPHA))
    return Order(body=body, other={**body, "name": "Lain"})


def _grant() -> Order:
    body = made_from_schema(
        "grant_historic_certificate", number="LAMA-1", valid_from="2026-01-15", valid_to="2029-01-14"
    )
    return Order({"trainer_id": factories.trainer(ALPHA).id}, body, {**body, "number": "LAMA-2"})


def _on_qualification() -> Order:
    return Order({"qualification_id": factories.qualification(ALPHA).id}, {"reason": "conduct"}, {"reason": "other"})


def _on_suspended_qualification() -> Order:
    held = factories.qualification(ALPHA)
    suspend_certificate(held.id, reason="conduct")
    return Order({"qualification_id": held.id})


def _set_price() -> Order:
    body = made_from_schema("set_price", provider_id=str(billed_for(ALPHA)))
    return Order(body=body, other={**body, "amount": {"amount": 2_000_000, "currency": "IDR"}})


def _payments() -> list[dict[str, Any]]:
    received_on = days_ago(0)[0].isoformat()
    return [
        {"amount": {"amount": amount, "currency": "IDR"}, "received_on": received_on, "method": "transfer"}
        for amount in (400_000, 500_000)
    ]


def _record_payment() -> Order:
    withheld = {"withheld": {"amount": 20_000, "currency": "IDR"}, "withholding_slip": "BP-001"}
    first, second = _payments()
    return Order({"invoice_id": factories.invoice(ALPHA, state="issued").id}, {**first, **withheld}, second)


def _reverse_payment() -> Order:
    return Order({"payment_id": factories.payment(ALPHA).id}, {"reason": "bounced"}, {"reason": "refunded"})


def _credit_invoice() -> Order:
    other = {"reason": "delivery_reversed"}
    return Order({"invoice_id": factories.invoice(ALPHA, state="issued").id}, {"reason": "wrong_price"}, other)


def _record_cost() -> Order:
    body = {
        "category": "venue",
        "amount": {"amount": 750_000, "currency": "IDR"},
        "incurred_on": days_ago(3)[0].isoformat(),
        "in_kind": False,
        "funded_by": "non_ilo",
        "module": "M1",
        "description": "Aula untuk dua hari",
    }
    return Order(body=body, other={**body, "category": "meals"})


def _release_letter() -> Order:
    return Order({"letter_id": factories.letter(ALPHA, hours_old=100).id})


def _resend_letter() -> Order:
    return Order({"letter_id": ambiguous_letter().id}, {"reason": "not-arrived"}, {"reason": "asked-again"})


def _release_letters() -> Order:
    several = [str(factories.letter(ALPHA, hours_old=100).id) for _ in range(2)]
    return Order(body={"letter_ids": several}, other={"letter_ids": several[:1]})


def _opt_out() -> Order:
    recipient = ids.new()
    signed = signed_link(recipient, recipient, purpose="unsubscribe")
    return Order({"signed": signed}, data=b"List-Unsubscribe=One-Click", media_type="application/x-www-form-urlencoded")


def _set_target() -> Order:
    return Order({"code": "T5"}, {"number": 401, "reason": "agreed"}, {"number": 402, "reason": "agreed"})


def ambiguous_letter() -> Letter:
    letter = factories.letter(ALPHA)
    claimed = store({letter.id: ids.new()}, [], []).claimed[letter.id]
    store({}, [], [Settled(letter.id, claimed.claim_id, Outcome("ambiguous", "SMTPServerDisconnected"))])
    return Letter.get(letter.id)


ORDERS: dict[str, Callable[[], Order]] = {
    **ENROLLMENT,
    "schedule_visit": _schedule_visit,
    "number_visit": _visit("scheduled", {"external_id": "K-1"}, {"external_id": "K-2"}),
    "reschedule_visit": _visit(
        "scheduled", *({"planned_on": day, "reason": "trainer_ill"} for day in ("2026-12-01", "2026-12-02"))
    ),
    "cancel_visit": _visit("scheduled", {"reason": "trainer_ill"}, {"reason": "other"}),
    "report_visit": _report,
    "keep_draft": _visit("scheduled", {"findings": "Belum selesai"}, {"findings": "Hampir selesai"}),
    "confirm_visit": _confirm_visit,
    "confirm_visit_by_link": _confirm_visit_by_link,
    "accept_report": _visit("reported", None, None),
    "return_report": _visit("reported", {"reason": "incomplete"}, {"reason": "other"}),
    "void_visit": _visit("accepted", {"reason": "not_held"}, {"reason": "other"}),
    "start_assessment": _start_assessment,
    "assign_assessment": _assign_assessment,
    "keep_assessment_draft": _assessment({"notes": "Belum selesai"}, {"notes": "Hampir selesai"}),
    "complete_assessment": _assessment(
        *(
            {
                "assessed_on": days_ago(2)[0].isoformat(),
                "practices": [{"item": "cleanliness", "points": 2, "note": "Rapi"}],
                "suggested_modules": ["M1"],
                "notes": notes,
                **_readings(30),
            }
            for notes in ("Contoh", "Lain")
        )
    ),
    "start_plan": _start_plan,
    "assign_plan": lambda: Order(
        {"plan_id": planned(ALPHA).id}, *({"trainer_id": str(factories.visiting(of=ALPHA))} for _ in range(2))
    ),
    "form_team": lambda: Order(
        {"plan_id": planned(ALPHA).id},
        *({**TEAM, "formed_on": "2026-01-05", "rhythm": rhythm} for rhythm in ("daily", "weekly")),
    ),
    "add_action": lambda: Order({"plan_id": planned(ALPHA).id}, *ACTIONS),
    "correct_action": _on_action("draft", *ACTIONS),
    "drop_action": _on_action("draft"),
    "complete_action": _on_action(
        "approved",
        *(
            {"completed_on": "2026-01-05", "basis": "records", "saving": {"amount": amount, "currency": "IDR"}}
            for amount in (2_000_000, 3_000_000)
        ),
    ),
    "approve_plan": lambda: Order(
        {"plan_id": planned(ALPHA).id},
        *({"party": party, "approved_on": "2026-01-05"} for party in ("owner", "workers")),
    ),
    "enter_readings": _visit("reported", _readings(30), _readings(40)),
    "release_readings": _release_readings,
    "withdraw_release": _withdraw_release,
    "register_trainer": _register_trainer,
    "erase_trainer": lambda: Order({"trainer_id": factories.trainer(ALPHA).id}),
    "grant_historic_certificate": _grant,
    "suspend_certificate": _on_qualification,
    "lift_suspension": _on_suspended_qualification,
    "revoke_certificate": _on_qualification,
    "set_price": _set_price,
    "record_payment": _record_payment,
    "reverse_payment": _reverse_payment,
    "credit_invoice": _credit_invoice,
    "record_cost": _record_cost,
    "reverse_cost": lambda: Order({"cost_id": factories.cost(ALPHA).id}, {"reason": "twice"}, {"reason": "refunded"}),
    "lift_suppression": lambda: Order({"suppression_id": factories.suppression(ALPHA).id}),
    "opt_out": _opt_out,
    "release_letter": _release_letter,
    "release_letters": _release_letters,
    "resend_letter": _resend_letter,
    "set_target": _set_target,
}


def prepared(operation: str) -> Order:
    """Make what the request needs, as the programme would."""
    with acting_as(STAFF):
        return ORDERS[operation]()
