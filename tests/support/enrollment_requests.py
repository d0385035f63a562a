"""One good request for each operation of enrollment that changes something."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from services.enrollment.evaluations.labels import QUESTIONS
from services.enrollment.institutions import commands as institutions_commands
from services.enrollment.participation import commands as participation_commands
from shared.kernel import ids
from tests.support import factories, import_sheets
from tests.support.evaluations import held
from tests.support.factories import ALPHA, BETA, days_ago
from tests.support.request_order import Order, made_from_schema
from tests.support.tokens import signed_link

SEATS = factories.SEATS


def _register_institution() -> Order:
    body = made_from_schema("register_institution")
    return Order(body=body, other={**body, "name": "Lain"})


def _suspend_institution() -> Order:
    return Order({"institution_id": factories.institution(ALPHA).id}, {"reason": "inactive"}, {"reason": "other"})


def _register_enterprise() -> Order:
    factories.institution(ALPHA)
    body = made_from_schema("register_enterprise", provider_id=str(ALPHA))
    return Order(body=body, other={**body, "name": "Lain"})


def _on_institution(*, suspended: bool = False, body: dict[str, Any] | None = None) -> Callable[[], Order]:
    def made() -> Order:
        institution = factories.institution(ALPHA)
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
        factories.institution(ALPHA)
        return Order({"enterprise_id": factories.walked(ALPHA, state).id}, body, other, data)

    return made


def _commit_enterprise() -> Order:
    factories.institution(ALPHA)
    enterprise = factories.walked(ALPHA, "eligible")
    letter = participation_commands.upload_commitment_letter(enterprise.id, content=factories.LETTER)
    body = {"signed_on": "2026-01-05", "plan": ["M1", "M2"], "letter_id": str(letter.id)}
    return Order({"enterprise_id": enterprise.id}, body, {**body, "plan": ["M1"]})


def _change_provider() -> Order:
    factories.institution(ALPHA)
    factories.institution(BETA)
    body = {"provider_id": str(BETA)}
    return Order({"enterprise_id": factories.enterprise(ALPHA).id}, body, {**body, "delivery_mode": "indirect"})


def _forget_institution_contact() -> Order:
    factories.institution(ALPHA)
    known = institutions_commands.correct_institution(ALPHA, contacts=[{"name": "Wulan", "roles": ["billing"]}])
    return Order({"institution_id": ALPHA, "contact_id": known.contacts[0].contact_id})


def _merge_enterprises() -> Order:
    factories.institution(ALPHA)
    given_up, kept, other = (factories.enterprise(ALPHA) for _ in range(3))
    bodies = ({"kept_id": str(each.id), "reason": "registered_twice"} for each in (kept, other))
    return Order({"enterprise_id": given_up.id}, *bodies)


def _register_participant() -> Order:
    factories.institution(ALPHA)
    body = made_from_schema("register_participant", enterprise_id=str(factories.enterprise(ALPHA).id))
    return Order(body=body, other={**body, "name": "Lain"})


def _on_participant(body: dict[str, Any] | None = None, other: dict[str, Any] | None = None) -> Callable[[], Order]:
    def made() -> Order:
        factories.institution(ALPHA)
        return Order({"participant_id": factories.person(factories.enterprise(ALPHA).id).id}, body, other)

    return made


def _record_privacy_request() -> Order:
    factories.institution(ALPHA)
    body = {"participant_id": str(factories.person(factories.enterprise(ALPHA).id).id), "kind": "access"}
    return Order(body=body, other={**body, "kind": "erasure"})


def _on_privacy_request(body: dict[str, Any] | None = None, other: dict[str, Any] | None = None) -> Callable[[], Order]:
    def made() -> Order:
        factories.institution(ALPHA)
        return Order(
            {"request_id": factories.asked(factories.person(factories.enterprise(ALPHA).id).id).id}, body, other
        )

    return made


def _schedule_training() -> Order:
    factories.institution(ALPHA)
    lead = factories.entitled(ids.new())
    body = made_from_schema("schedule_training", provider_id=str(ALPHA), lead_trainer_id=str(lead), co_trainer_ids=[])
    del body["supervisor_id"]  # a regular training has none
    return Order(body=body, other={**body, "venue": "Balai Contoh"})


def _seat_enterprise() -> Order:
    factories.institution(ALPHA)
    first, second = factories.walked(ALPHA, "enrolled"), factories.walked(ALPHA, "enrolled")
    path = {"training_id": factories.training(ALPHA).id}
    return Order(path, *({"enterprise_id": str(each.id), "seats": SEATS} for each in (first, second)))


def _reschedule_training() -> Order:
    factories.institution(ALPHA)
    path = {"training_id": factories.training(ALPHA).id}
    return Order(path, {"reason": "other", "venue": "Balai Contoh"}, {"reason": "other", "venue": "Lain"})


def _number_training() -> Order:
    factories.institution(ALPHA)
    return Order({"training_id": factories.training(ALPHA).id}, {"external_id": "K-1"}, {"external_id": "K-2"})


def _resize_training() -> Order:
    factories.institution(ALPHA)
    return Order({"training_id": factories.training(ALPHA).id}, {"capacity": 24}, {"capacity": 25})


def _cancel_training() -> Order:
    factories.institution(ALPHA)
    return Order({"training_id": factories.training(ALPHA).id}, {"reason": "venue_unavailable"}, {"reason": "other"})


def _of_roster(*bodies: dict[str, Any]) -> Callable[[], Order]:
    def made() -> Order:
        factories.institution(ALPHA)
        enterprise = factories.enterprise(ALPHA)
        path = {"training_id": factories.training(ALPHA, enterprise.id).id, "enterprise_id": enterprise.id}
        return Order(path, *bodies)

    return made


def _record_attendance() -> Order:
    factories.institution(ALPHA)
    path = {"training_id": factories.training(ALPHA).id}
    return Order(path, *({"day": day.isoformat(), "participant_ids": []} for day in days_ago(10, 9)))


def _deliver_training() -> Order:
    factories.institution(ALPHA)
    enterprise = factories.enterprise(ALPHA)
    path = {"training_id": factories.training(ALPHA, enterprise.id).id}
    fewer = {**SEATS, "workers": {"women": 1, "men": 0}}
    present, missed = ({"enterprise_id": str(enterprise.id), "attended": seats} for seats in (SEATS, fewer))
    return Order(path, {"attendance": [present]}, {"attendance": [missed]})


def _reverse_delivery() -> Order:
    factories.institution(ALPHA)
    path = {"training_id": factories.delivered(ALPHA, factories.enterprise(ALPHA).id).id}
    return Order(path, {"reason": "not_held"}, {"reason": "other"})


def _register_checked_import() -> Order:
    factories.institution(ALPHA)
    return Order({"import_id": import_sheets.checked_upload(ALPHA).id})


def _answer_evaluation() -> Order:
    factories.institution(ALPHA)
    training, (person, *_) = held(2)
    marks = dict.fromkeys(QUESTIONS, 4)
    link = signed_link(person, training.id)
    return Order(body={"link": link, "marks": marks}, other={"link": link, "marks": {**marks, "trainer": 5}})


ENROLLMENT: dict[str, Callable[[], Order]] = {
    "register_institution": _register_institution,
    "suspend_institution": _suspend_institution,
    "restore_institution": _on_institution(suspended=True),
    "correct_institution": _on_institution(body={"name": "Lain"}),
    "publish_module_version": _publish_module_version,
    "register_enterprise": _register_enterprise,
    "find_enterprises": lambda: Order(body={"nib": "8120001234567"}, other={"nib": "8120001234568"}),
    "correct_enterprise": _on_enterprise("registered", {"place": "Kudus"}),
    "forget_enterprise_contact": _on_enterprise("registered"),
    "forget_institution_address": _on_institution(),
    "forget_institution_contact": _forget_institution_contact,
    "screen_enterprise": _on_enterprise(
        "registered", {"screened_on": "2026-01-05"}, {"screened_on": "2026-01-05", "reasons": ["other"]}
    ),
    "override_screening": _on_enterprise("ineligible", {"reason": "pilot"}, {"reason": "other"}),
    "upload_commitment_letter": _on_enterprise("eligible", data=factories.LETTER),
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
    "import_institutions": lambda: Order(data=import_sheets.PARTNERS, media_type="text/csv"),
    "import_enterprises": lambda: Order(data=import_sheets.FIRMS, media_type="text/csv"),
    "import_participants": lambda: Order(data=import_sheets.PEOPLE, media_type="text/csv"),
    "register_checked_import": _register_checked_import,
    "schedule_training": _schedule_training,
    "seat_enterprise": _seat_enterprise,
    "number_training": _number_training,
    "reschedule_training": _reschedule_training,
    "resize_training": _resize_training,
    "cancel_training": _cancel_training,
    "release_seats": _of_roster({"seats": SEATS}, {"seats": {**SEATS, "workers": {"women": 1, "men": 0}}}),
    "withdraw_roster": _of_roster({"reason": "no_staff_free"}, {"reason": "other"}),
    "record_attendance": _record_attendance,
    "deliver_training": _deliver_training,
    "reverse_delivery": _reverse_delivery,
    "answer_evaluation": _answer_evaluation,
}
