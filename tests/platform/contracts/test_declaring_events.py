"""What a contract may say, and that everything else is refused on import."""

import dataclasses
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID, uuid4

import pytest
from msgspec import field

from shared.contracts.catalogue import all_events, class_for
from shared.contracts.event import Event, Owner, Registry, key_of, owner_of, topic_of, type_of
from shared.contracts.wire.shape import Code, Contract, Integer, PersonalText, Undeclarable, Value, fields_of, personal

# The table "Events between services" of the design.
EVENTS = {
    "enrollment": "InstitutionRegistered InstitutionSuspended InstitutionRestored EnterpriseRegistered "
    "EnterpriseCorrected EnterpriseScreened EnterpriseProviderChanged EnterpriseGraduationReversed "
    "EnterpriseEnrolled EnterpriseGraduated EnterpriseWithdrawn EnterprisesMerged ModuleVersionPublished "
    "TrainingScheduled TrainingRescheduled TrainingCancelled RosterSeated RosterWaitlisted RosterWithdrawn "
    "TrainerConflictFound TrainingDelivered "
    "DeliveryReversed ModuleCompleted ModuleCompletionReversed ModuleLapsed ParticipantRegistered ConsentChanged "
    "PersonErased ErasureDone",
    "consulting": "BaselineAssessed EndlineAssessed FollowUpAssessed VisitScheduled VisitRescheduled VisitCancelled "
    "VisitReported VisitAccepted VisitReturned VisitVoided PlanApproved ActionCompleted ReadingReleased CasePublished "
    "CaseWithdrawn ErasureDone",
    "certification": "TrainerRegistered SupervisedDeliveryAuthorised TrainerCertified CertificateRenewed "
    "CertificateSuspended SuspensionLifted CertificateRevoked CertificateExpired CertificateExpiring TrainerPromoted "
    "PersonErased ErasureDone",
    "finance": "SponsorRegistered SponsorshipCommitted FundingAllocated AllocationReleased FundingGapDetected "
    "InvoiceIssued InvoiceCredited InvoiceOverdue PaymentReceived PaymentReversed CostRecorded CostReversed "
    "PeriodClosed PersonErased ErasureDone",
    "notifications": "LetterSent LetterBounced AddressSuppressed ErasureDone",
    "reporting": "TargetChanged ReportPublished",
}


@pytest.fixture
def owner():
    return Owner("probe", Registry())


def test_type_topic_and_key_follow_from_the_declaration(owner):
    @owner.event(key="training_id", version=2)
    class TrainingMoved(Event):
        training_id: UUID
        days: tuple[date, ...]

    event = TrainingMoved(training_id=uuid4(), days=())
    assert type_of(TrainingMoved) == "id.score.probe.training_moved.v2"
    assert topic_of(TrainingMoved) == "score.probe"
    assert owner_of(TrainingMoved).source == "/score/probe"
    assert key_of(event) == event.training_id
    assert owner.registry.classes == {"id.score.probe.training_moved.v2": TrainingMoved}
    with pytest.raises(AttributeError, match="immutable"):
        event.days = (date(2026, 11, 17),)
    with pytest.raises(TypeError):
        TrainingMoved(uuid4(), ())
    assert not hasattr(event, "__dict__")


def test_an_outline_lends_its_fields(owner):
    class AboutRoom(Event):
        room_id: UUID
        note: Code | None = None

    @owner.event(key="room_id")
    class RoomBooked(AboutRoom):
        day: date

    assert [field.name for field in fields_of(RoomBooked)] == ["room_id", "note", "day"]
    with pytest.raises(Undeclarable, match="not declared"):
        type_of(AboutRoom)


def test_a_second_class_of_a_type_is_refused(owner):
    def thing_happened():
        return type("ThingHappened", (Event,), {"__annotations__": {"thing_id": UUID}})

    owner.event(key="thing_id")(thing_happened())
    with pytest.raises(Undeclarable, match="declared twice"):
        owner.event(key="thing_id")(thing_happened())
    owner.event(key="thing_id", version=2)(thing_happened())


def test_a_second_owner_of_a_name_is_refused(owner):
    with pytest.raises(Undeclarable, match="declared twice"):
        Owner("probe", owner.registry)


def test_a_name_that_is_no_topic_is_refused():
    with pytest.raises(Undeclarable):
        Owner("Two Words", Registry())


def test_a_class_that_is_no_event_is_refused(owner):
    class ThingHappened:
        thing_id: UUID

    with pytest.raises(Undeclarable, match="derives from Event"):
        owner.event(key="thing_id")(ThingHappened)


@pytest.mark.parametrize("key", ["absent", "day", "maybe_id"])
def test_the_key_is_a_required_uuid(owner, key):
    class ThingHappened(Event):
        thing_id: UUID
        day: date
        maybe_id: UUID | None = None

    with pytest.raises(Undeclarable, match="key"):
        owner.event(key=key)(ThingHappened)


def declare(owner, annotation, name="extra", **default):
    """An event with one field of the given type beside its key."""
    members = {"__annotations__": {"thing_id": UUID, name: annotation}, **default}
    return owner.event(key="thing_id")(type("ThingHappened", (Event,), members))


@pytest.mark.parametrize(
    "annotation", [str, int, datetime, float, bytes, dict, list[int], tuple[int, int], set[int], object, int | str]
)
def test_types_that_cannot_travel_are_refused(owner, annotation):
    with pytest.raises(Undeclarable, match=r"ThingHappened\.extra"):
        declare(owner, annotation)


@pytest.mark.parametrize("annotation", [Literal[1, 2], tuple[str, ...], Annotated[str, "any"], dict[str, int] | None])
def test_types_that_nearly_travel_are_refused(owner, annotation):
    with pytest.raises(Undeclarable):
        declare(owner, annotation)


def test_a_plain_dataclass_is_no_value(owner):
    @dataclasses.dataclass(frozen=True)
    class Loose:
        count: int

    with pytest.raises(Undeclarable, match="cannot travel"):
        declare(owner, Loose)


@pytest.mark.parametrize(
    ("annotation", "default"),
    [
        (Integer | None, {}),
        (Integer | None, {"extra": 3}),
        (Integer, {"extra": None}),
        (tuple[Integer, ...], {"extra": (1,)}),
        (tuple[Code, ...], {"extra": "a"}),
        (Integer, {"extra": field(default_factory=int)}),
    ],
)
def test_defaults_that_readers_could_not_share_are_refused(owner, annotation, default):
    with pytest.raises(Undeclarable, match="default"):
        declare(owner, annotation, **default)


@pytest.mark.parametrize(
    "annotation",
    [
        Annotated[str, personal],
        Annotated[UUID, personal],
        Annotated[UUID, personal] | None,
        Annotated[UUID | None, personal],
    ],
)
def test_a_field_marked_personal_is_refused_on_an_event(owner, annotation):
    with pytest.raises(Undeclarable, match=r"ThingHappened\.extra is marked personal"):
        declare(
            owner,
            annotation,
            **({} if annotation in (Annotated[str, personal], Annotated[UUID, personal]) else {"extra": None}),
        )


def test_a_mark_of_another_library_is_no_default(owner):
    with pytest.raises(Undeclarable, match=r"ThingHappened\.extra: a default"):
        declare(owner, Integer, extra=dataclasses.field(metadata={"personal": True}))


@pytest.mark.parametrize("annotation", [tuple[PersonalText, ...], tuple[Annotated[UUID, personal], ...]])
def test_personal_data_in_a_list_is_refused_on_an_event(owner, annotation):
    with pytest.raises(Undeclarable, match=r"ThingHappened\.extra is marked personal"):
        declare(owner, annotation)


def test_only_a_class_that_says_so_is_about_persons():
    class Listed(Contract, personal=True):
        email: PersonalText

    with pytest.raises(Undeclarable, match=r"Listed2\.email names personal data"):

        class Listed2(Contract):
            email: PersonalText

    with pytest.raises(Undeclarable, match="cannot travel"):

        class Letter(Contract, personal=True):
            to: Listed


@pytest.mark.parametrize("name", ["name", "email", "phone", "nik", "npwp", "address", "contact_email", "name_of_owner"])
def test_a_field_that_names_personal_data_is_refused(owner, name):
    with pytest.raises(Undeclarable, match=f"ThingHappened.{name} names personal data"):
        declare(owner, Code, name=name)


def test_a_word_that_only_contains_such_a_name_is_allowed(owner):
    declare(owner, Code, name="unnamed_technik")


def test_personal_data_in_a_nested_value_is_refused():
    with pytest.raises(Undeclarable, match=r"Contact\.phone names personal data"):

        class Contact(Value):
            phone: Code


def test_personal_data_deep_inside_an_event_is_refused(owner, monkeypatch):
    class Inner(Value):
        hidden: Code

    monkeypatch.setattr("shared.contracts.wire.shape.PERSONAL_WORDS", frozenset({"hidden"}))
    with pytest.raises(Undeclarable, match=r"Inner\.hidden"):
        declare(owner, tuple[Inner, ...])


def test_every_event_of_the_design_is_declared():
    declared = {name: {cls.__name__ for cls in all_events(name)} for name in EVENTS}
    assert declared == {name: set(words.split()) for name, words in EVENTS.items()}
    assert len(all_events()) == sum(map(len, declared.values()))


@pytest.mark.parametrize("event", all_events(), ids=type_of)
def test_every_event_is_found_by_its_type_and_says_what_happened(event):
    assert class_for(type_of(event)) is event
    assert event.__doc__.endswith(".")
    assert event.__doc__.count("\n") == 0


def test_an_unknown_type_has_no_class():
    assert class_for("id.score.enrollment.never_heard_of.v1") is None
