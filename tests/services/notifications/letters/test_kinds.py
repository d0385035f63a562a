"""What causes letters is heard; an event that causes none has a reason."""

from __future__ import annotations

from collections import defaultdict

from docs.letters_page import WITHOUT_LETTER
from docs.recorded_events import capability_of
from services.notifications.letters.kinds import KINDS
from services.notifications.preferences.labels import TOPICS
from services.notifications.preferences.topics import Topic
from services.notifications.service import SERVICE
from shared.access.suspensions import groups_of
from shared.contracts.catalogue import all_events
from shared.contracts.event import type_of
from shared.kernel.service import declared
from shared.process.jobs import timers_of

HEARD = {kind for group in groups_of(SERVICE) for kind in group.handlers}
SAID = {
    event.__name__: type_of(event)
    for service in declared()
    if service.name != SERVICE.name
    for event in all_events(service.name)
    if capability_of(service.name, event) is None
}


def test_every_event_that_is_said_causes_letters_or_has_a_reason() -> None:
    unheard = {name for name, kind in SAID.items() if kind not in HEARD}
    assert unheard - WITHOUT_LETTER.keys() == set(), "a handler, or a reason in docs/letters_page.py"
    assert WITHOUT_LETTER.keys() - SAID.keys() == set()


def test_every_cause_that_a_kind_names_is_heard() -> None:
    timers = {f"timer `{timer.name}`" for timer in timers_of(SERVICE)}
    heard = {event.__name__ for service in declared() for event in all_events(service.name) if type_of(event) in HEARD}
    for template, kind in KINDS.items():
        assert kind.causes, template
        assert set(kind.causes) <= heard | timers, template
        assert kind.audiences, template


def test_what_must_arrive_is_what_the_programme_owes() -> None:
    owed = {template for template, kind in KINDS.items() if kind.must_arrive}
    assert owed == {
        "certificate_expired", "certificate_issued", "certificate_restored", "certificate_revoked", "certificate_suspended",
        "consent_changed", "institution_suspended", "invoice_credited", "invoice_issued", "invoice_overdue",
        "payment_received", "payment_reversed", "training_cancelled", "training_released", "training_withdrawn",
        "visit_cancelled",
    }  # fmt: skip
    assert {template for template, kind in KINDS.items() if kind.calendar == "CANCEL"} <= owed, (
        "else they come for nothing"
    )


def test_what_may_be_refused_names_its_topic_which_is_described_so() -> None:
    """A letter stands below the words by which its reader refuses it; who adds one looks whether they fit."""
    by_topic: dict[Topic | None, set[str]] = defaultdict(set)
    for template, kind in KINDS.items():
        assert (kind.topic is None) == kind.must_arrive, template
        by_topic[kind.topic].add(template)
    assert by_topic.keys() - {None} == TOPICS.keys()
    assert TOPICS["trainings"] == (
        "Invitations, reminders and changes of trainings and visits, and what became of your reports of visits"
    )
    assert by_topic["trainings"] == {
        "report_accepted", "report_returned", "trainer_conflict", "training_assigned", "training_invitation", "training_moved",
        "training_promoted", "training_reminder", "training_waitlisted", "visit_moved", "visit_scheduled", "visit_voided",
    }  # fmt: skip
    assert TOPICS["evaluations"] == "Questions about trainings and visits that took place"
    assert by_topic["evaluations"] == {"evaluation", "evaluation_reminder", "visit_to_confirm"}
    assert TOPICS["results"] == "Your way through the programme: registration, results, summaries and news"
    assert by_topic["results"] == {
        "application_received", "enterprise_assessed", "plan_agreed",
        "enterprise_enrolled", "enterprise_graduated", "enterprise_screened", "enterprise_withdrawn",
        "institution_registered", "institution_restored", "module_completed", "module_lapsed", "module_reopened",
        "provider_changed", "trainer_registered",
    }  # fmt: skip
