"""One good request for each operation that changes something: what must exist before it, and what it sends.

`ORDERS` has a line for every such operation; a new one without a line fails `test_every_change_has_a_good_request`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from services.enrollment.evaluations.model import QUESTIONS
from services.enrollment.institutions import commands as institutions_commands
from services.enrollment.participation import commands as participation_commands
from services.notifications.letters.model import Letter
from services.notifications.sending.commands import claim, settle
from shared.runtime import ids
from shared.runtime.context import acting_as
from tests.integration.services import worlds
from tests.integration.services.bodies import accepted
from tests.integration.services.declared import OPERATIONS
from tests.integration.services.tokens import signed_link
from tests.integration.services.worlds import ALPHA, BETA, STAFF, days_ago


@dataclass(frozen=True)
class Order:
    """`other` is another acceptable body for the same object; None where the operation takes none.

    An operation that takes a file has its content and type in `data` and `media_type`.
    """

    path: dict[str, object] = field(default_factory=dict)
    body: dict[str, Any] | None = None
    other: dict[str, Any] | None = None
    data: bytes | None = None
    media_type: str = "application/octet-stream"

    @property
    def sent(self) -> dict[str, Any]:
        """As the test client takes it."""
        return {"json": self.body} if self.data is None else {"data": self.data, "content_type": self.media_type}


SCHEMAS = {route.operation: route.body for _, route in OPERATIONS}
SEATS = worlds.SEATS


def made_from_schema(operation: str, **changes: Any) -> dict[str, Any]:
    schema = SCHEMAS[operation]
    assert schema is not None
    return {**accepted(schema), **changes}


def _register_institution() -> Order:
    body = made_from_schema("register_institution")
    return Order(body=body, other={**body, "name": "Lain"})


def _suspend_institution() -> Order:
    return Order({"institution_id": worlds.institution(ALPHA).id}, {"reason": "inactive"}, {"reason": "other"})


def _register_enterprise() -> Order:
    worlds.institution(ALPHA)
    body = made_from_schema("register_enterprise", provider_id=str(ALPHA))
    return Order(body=body, other={**body, "name": "Lain"})


def _on_institution(*, suspended: bool = False, body: dict[str, Any] | None = None) -> Callable[[], Order]:
    def made() -> Order:
        institution = worlds.institution(ALPHA)
        if suspended:
            institutions_commands.suspend_institution(institution.id, "inactive")
        return Order({"institution_id": institution.id}, body)

    return made


def _publish_module_version() -> Order:
    body = made_from_schema("publish_module_version", number=2, prerequisites=[])
    return Order(body=body, other={**body, "required_visits": 4})


def _on_enterprise(
    state: str, body: dict[str, Any] | None = None, other: dict[str, Any] | None = None, data: bytes | None = None
) -> Callable[[], Order]:
    def made() -> Order:
        worlds.institution(ALPHA)
        return Order({"enterprise_id": worlds.walked(ALPHA, state).id}, body, other, data)

    return made


def _commit_enterprise() -> Order:
    worlds.institution(ALPHA)
    enterprise = worlds.walked(ALPHA, "eligible")
    letter = participation_commands.upload_commitment_letter(enterprise.id, content=worlds.LETTER)
    body = {"signed_on": "2026-01-05", "plan": ["M1", "M2"], "letter_id": str(letter.id)}
    return Order({"enterprise_id": enterprise.id}, body, {**body, "plan": ["M1"]})


def _change_provider() -> Order:
    worlds.institution(ALPHA)
    worlds.institution(BETA)
    body = {"provider_id": str(BETA)}
    return Order({"enterprise_id": worlds.enterprise(ALPHA).id}, body, {**body, "delivery_mode": "indirect"})


def _forget_institution_contact() -> Order:
    worlds.institution(ALPHA)
    known = institutions_commands.correct_institution(ALPHA, contacts=[{"name": "Wulan", "roles": ["billing"]}])
    return Order({"institution_id": ALPHA, "contact_id": known.contacts[0].contact_id})


def _merge_enterprises() -> Order:
    worlds.institution(ALPHA)
    given_up, kept, other = (worlds.enterprise(ALPHA) for _ in range(3))
    bodies = ({"kept_id": str(each.id), "reason": "registered_twice"} for each in (kept, other))
    return Order({"enterprise_id": given_up.id}, *bodies)


def _register_participant() -> Order:
    worlds.institution(ALPHA)
    body = made_from_schema("register_participant", enterprise_id=str(worlds.enterprise(ALPHA).id))
    return Order(body=body, other={**body, "name": "Lain"})


def _on_participant(body: dict[str, Any] | None = None, other: dict[str, Any] | None = None) -> Callable[[], Order]:
    def made() -> Order:
        worlds.institution(ALPHA)
        return Order({"participant_id": worlds.person(worlds.enterprise(ALPHA).id).id}, body, other)

    return made


def _record_privacy_request() -> Order:
    worlds.institution(ALPHA)
    body = {"participant_id": str(worlds.person(worlds.enterprise(ALPHA).id).id), "kind": "access"}
    return Order(body=body, other={**body, "kind": "erasure"})


def _on_privacy_request(body: dict[str, Any] | None = None, other: dict[str, Any] | None = None) -> Callable[[], Order]:
    def made() -> Order:
        worlds.institution(ALPHA)
        return Order({"request_id": worlds.asked(worlds.person(worlds.enterprise(ALPHA).id).id).id}, body, other)

    return made


def _schedule_training() -> Order:
    worlds.institution(ALPHA)
    lead = worlds.entitled(ids.new())
    body = made_from_schema("schedule_training", provider_id=str(ALPHA), lead_trainer_id=str(lead))
    del body["supervisor_id"]  # a regular training has none
    return Order(body=body, other={**body, "venue": "Balai Contoh"})


def _seat_enterprise() -> Order:
    worlds.institution(ALPHA)
    first, second = worlds.walked(ALPHA, "enrolled"), worlds.walked(ALPHA, "enrolled")
    path = {"training_id": worlds.training(ALPHA).id}
    return Order(path, *({"enterprise_id": str(each.id), "seats": SEATS} for each in (first, second)))


def _reschedule_training() -> Order:
    worlds.institution(ALPHA)
    path = {"training_id": worlds.training(ALPHA).id}
    return Order(path, {"reason": "other", "venue": "Balai Contoh"}, {"reason": "other", "venue": "Lain"})


def _resize_training() -> Order:
    worlds.institution(ALPHA)
    return Order({"training_id": worlds.training(ALPHA).id}, {"capacity": 24}, {"capacity": 25})


def _cancel_training() -> Order:
    worlds.institution(ALPHA)
    return Order({"training_id": worlds.training(ALPHA).id}, {"reason": "venue_unavailable"}, {"reason": "other"})


def _of_roster(*bodies: dict[str, Any]) -> Callable[[], Order]:
    def made() -> Order:
        worlds.institution(ALPHA)
        enterprise = worlds.enterprise(ALPHA)
        path = {"training_id": worlds.training(ALPHA, enterprise.id).id, "enterprise_id": enterprise.id}
        return Order(path, *bodies)

    return made


def _record_attendance() -> Order:
    worlds.institution(ALPHA)
    path = {"training_id": worlds.training(ALPHA).id}
    return Order(path, *({"day": day.isoformat(), "participant_ids": []} for day in days_ago(10, 9)))


def _deliver_training() -> Order:
    worlds.institution(ALPHA)
    enterprise = worlds.enterprise(ALPHA)
    path = {"training_id": worlds.training(ALPHA, enterprise.id).id}
    fewer = {**SEATS, "workers": {"women": 1, "men": 0}}
    present, missed = ({"enterprise_id": str(enterprise.id), "attended": seats} for seats in (SEATS, fewer))
    return Order(path, {"attendance": [present]}, {"attendance": [missed]})


def _reverse_delivery() -> Order:
    worlds.institution(ALPHA)
    path = {"training_id": worlds.delivered(ALPHA, worlds.enterprise(ALPHA).id).id}
    return Order(path, {"reason": "not_held"}, {"reason": "other"})


def _answer_evaluation() -> Order:
    worlds.institution(ALPHA)
    training = worlds.delivered(ALPHA, worlds.enterprise(ALPHA).id)
    marks = dict.fromkeys(QUESTIONS, 4)
    link = signed_link(ids.new(), training.id)
    return Order(body={"link": link, "marks": marks}, other={"link": link, "marks": {**marks, "trainer": 5}})


def _schedule_visit() -> Order:
    body = made_from_schema("schedule_visit", enterprise_id=str(worlds.known_enterprise(ALPHA)))
    return Order(body=body, other={**body, "minutes": 90})


def _visit(state: str, body: dict[str, Any] | None, other: dict[str, Any] | None) -> Callable[[], Order]:
    return lambda: Order({"visit_id": worlds.visit(ALPHA, to=state).id}, body, other)


def _report() -> Order:
    body = made_from_schema("report_visit", visited_on=days_ago(2)[0].isoformat())
    return Order({"visit_id": worlds.visit(ALPHA).id}, body, {**body, "findings": "Lain"})


def _register_trainer() -> Order:
    body = made_from_schema("register_trainer", institution_id=str(ALPHA))
    return Order(body=body, other={**body, "name": "Lain"})


def _grant() -> Order:
    body = made_from_schema(
        "grant_historic_certificate", number="LAMA-1", valid_from="2026-01-15", valid_to="2029-01-14"
    )
    return Order({"trainer_id": worlds.trainer(ALPHA).id}, body, {**body, "number": "LAMA-2"})


def _on_qualification() -> Order:
    return Order({"qualification_id": worlds.qualification(ALPHA).id}, {"reason": "conduct"}, {"reason": "other"})


def _set_price() -> Order:
    body = made_from_schema("set_price", provider_id=str(ALPHA))
    return Order(body=body, other={**body, "amount": {"amount": 2_000_000, "currency": "IDR"}})


def _release_letter() -> Order:
    return Order({"letter_id": worlds.letter(ALPHA, hours_old=100).id})


def _resend_letter() -> Order:
    return Order({"letter_id": ambiguous_letter().id})


def _issue_link() -> Order:
    body = made_from_schema("issue_link")
    return Order(body=body, other={**body, "object_id": str(ALPHA)})


def _set_target() -> Order:
    return Order({"code": "T5"}, {"number": 401, "reason": "agreed"}, {"number": 402, "reason": "agreed"})


def ambiguous_letter() -> Letter:
    letter = worlds.letter(ALPHA)
    claim(letter.id)
    settle(letter.id, "doubted", "SMTPServerDisconnected")
    return Letter.get(letter.id)


ORDERS: dict[str, Callable[[], Order]] = {
    "register_institution": _register_institution,
    "suspend_institution": _suspend_institution,
    "restore_institution": _on_institution(suspended=True),
    "correct_institution": _on_institution(body={"name": "Lain"}),
    "publish_module_version": _publish_module_version,
    "register_enterprise": _register_enterprise,
    "correct_enterprise": _on_enterprise("registered", {"place": "Kudus"}),
    "forget_enterprise_contact": _on_enterprise("registered"),
    "forget_institution_address": _on_institution(),
    "forget_institution_contact": _forget_institution_contact,
    "screen_enterprise": _on_enterprise(
        "registered", {"screened_on": "2026-01-05"}, {"screened_on": "2026-01-05", "reasons": ["other"]}
    ),
    "override_screening": _on_enterprise("ineligible", {"reason": "pilot"}, {"reason": "other"}),
    "upload_commitment_letter": _on_enterprise("eligible", data=worlds.LETTER),
    "commit_enterprise": _commit_enterprise,
    "enroll_enterprise": _on_enterprise("committed", {"enrolled_on": "2026-01-05"}, {}),
    "withdraw_enterprise": _on_enterprise("enrolled", {"reason": "cost"}, {"reason": "other"}),
    "change_provider": _change_provider,
    "merge_enterprises": _merge_enterprises,
    "register_participant": _register_participant,
    "find_participants": lambda: Order(body={"name": "Sekar"}, other={"name": "Wulan"}),
    "correct_participant": _on_participant({"role": "manager"}, {"role": "worker"}),
    "give_consent": _on_participant({"purposes": ["follow_up"]}, {"purposes": ["publication"]}),
    "withdraw_consent": _on_participant({"purposes": ["contact"]}, {"purposes": ["training"]}),
    "restrict_processing": _on_participant(),
    "lift_restriction": _on_participant(),
    "hold_participant": _on_participant(
        *({"reason": word, "until": "2099-12-31"} for word in ("tax_records", "other"))
    ),
    "release_participant": _on_participant(),
    "erase_participant": _on_participant(),
    "record_privacy_request": _record_privacy_request,
    "refuse_privacy_request": _on_privacy_request({"reason": "unfounded"}, {"reason": "not_the_person"}),
    "answer_access_request": _on_privacy_request(),
    "import_institutions": lambda: Order(data=worlds.PARTNERS, media_type="text/csv"),
    "import_enterprises": lambda: Order(data=worlds.FIRMS, media_type="text/csv"),
    "import_participants": lambda: Order(data=worlds.PEOPLE, media_type="text/csv"),
    "schedule_training": _schedule_training,
    "seat_enterprise": _seat_enterprise,
    "reschedule_training": _reschedule_training,
    "resize_training": _resize_training,
    "cancel_training": _cancel_training,
    "release_seats": _of_roster({"seats": SEATS}, {"seats": {**SEATS, "workers": {"women": 1, "men": 0}}}),
    "withdraw_roster": _of_roster({"reason": "no_staff_free"}, {"reason": "other"}),
    "record_attendance": _record_attendance,
    "deliver_training": _deliver_training,
    "reverse_delivery": _reverse_delivery,
    "answer_evaluation": _answer_evaluation,
    "schedule_visit": _schedule_visit,
    "reschedule_visit": _visit(
        "scheduled", *({"planned_on": day, "reason": "trainer_ill"} for day in ("2026-12-01", "2026-12-02"))
    ),
    "cancel_visit": _visit("scheduled", {"reason": "trainer_ill"}, {"reason": "other"}),
    "report_visit": _report,
    "accept_report": _visit("reported", None, None),
    "return_report": _visit("reported", {"reason": "incomplete"}, {"reason": "other"}),
    "void_visit": _visit("accepted", {"reason": "not_held"}, {"reason": "other"}),
    "register_trainer": _register_trainer,
    "grant_historic_certificate": _grant,
    "suspend_certificate": _on_qualification,
    "revoke_certificate": _on_qualification,
    "set_price": _set_price,
    "release_letter": _release_letter,
    "resend_letter": _resend_letter,
    "issue_link": _issue_link,
    "set_target": _set_target,
}


def prepared(operation: str) -> Order:
    """Make what the request needs, as the programme would."""
    with acting_as(STAFF):
        return ORDERS[operation]()
