"""What is told of trainings: a place in one, its days, that it comes near, moves or is called off, and what it was like."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from services.notifications.content.kind import Content, Kind
from services.notifications.content.told import Told
from shared.i18n.language import gettext as _
from shared.kernel.message import gettext_noop
from shared.reference.zones import WITA

INVITATION: Final = "training_invitation"
PROMOTION: Final = "training_promoted"
WAITING: Final = "training_waitlisted"
MOVED: Final = "training_moved"
REMINDER: Final = "training_reminder"
TASK: Final = "training_assigned"
EVALUATION: Final = "evaluation"
EVALUATION_REMINDER: Final = "evaluation_reminder"

TRAINING: Final[Mapping[str, Any]] = {
    "training_id": "0196f0a2-0000-7000-8000-000000000001",
    "module": "M1",
    "days": ["2027-03-09", "2027-03-10"],
    "start_time": "08:30",
    "end_time": "16:00",
    "zone": WITA,
    "provider_id": "0196f0a2-0000-7000-8000-0000000000b1",
    "enterprise_id": "0196f0a2-0000-7000-8000-0000000000e1",
}
UNTIL_ITS_END: Final = "the last day of the training"


def invitation(told: Told) -> Content:
    return Content(
        _("Invitation to the training %(module)s, %(day)s", module=told.module(), day=told.first_day()),
        (_seated(told), _("We look forward to seeing you.")),
        where_and_when(told),
        notes=(every_day(), if_you_cannot()),
    )


def promoted(told: Told) -> Content:
    return Content(
        _("A place for you in the training %(module)s, %(day)s", module=told.module(), day=told.first_day()),
        (
            _("Places have become free: your enterprise is no longer on the waiting list of this SCORE training."),
            _seated(told),
        ),
        where_and_when(told),
        notes=(every_day(), if_you_cannot()),
    )


def waitlisted(told: Told) -> Content:
    return Content(
        _("On the waiting list of the training %(module)s", module=told.module()),
        (
            _("This SCORE training is full at present. Your enterprise stands on its waiting list."),
            _("As soon as enough places become free, we write to you. Please keep the days free if you can."),
        ),
        (*where_and_when(told), (_("Place in the waiting list"), told.word("position"))),
        notes=(if_you_cannot(),),
    )


def given_back(told: Told) -> Content:
    return Content(
        _("No place any more in the training %(module)s, %(day)s", module=told.module(), day=told.first_day()),
        (
            _("Your enterprise no longer stands on the waiting list of this SCORE training.")
            if told.has("waited")
            else _("The places of your enterprise in this SCORE training were given back. You are not expected there.")
            if told.to == "enterprise"
            else _("You are not expected at this SCORE training: your place in it was given back."),
            _("If this is a mistake, please tell your training provider soon, or reply to this letter."),
        ),
        where_and_when(told),
    )


def moved(told: Told) -> Content:
    previous = told.days("previous_days")
    changed = told.about.get("previous_days") != told.about.get("days")
    return Content(
        _("The training %(module)s is moved to %(day)s", module=told.module(), day=told.first_day())
        if changed
        else _("New hours of the training %(module)s on %(day)s", module=told.module(), day=told.first_day()),
        (
            _("This SCORE training is moved to other days.") if changed else _("This SCORE training has new hours."),
            _("You are asked to be there on the new days.") if told.to == "trainer" else _("Your place is kept."),
        ),
        (*where_and_when(told), (_("No longer on"), previous if changed else "")),
        button=_task(told),
        notes=(_("If the new time does not suit you, tell your training provider, or reply to this letter."),),
    )


def cancelled(told: Told) -> Content:
    return Content(
        _("The training %(module)s of %(day)s is cancelled", module=told.module(), day=told.first_day()),
        (
            _("This SCORE training is cancelled and does not take place. Please do not come."),
            _("Your training provider will tell you when there is another one."),
        ),
        (
            (_("Module"), told.module()),
            (_("Cancelled days"), told.days()),
            (_("Training provider"), told.name_and_phone("provider_id")),
        ),
    )


def reminder(told: Told) -> Content:
    return Content(
        _("Reminder: training %(module)s on %(day)s", module=told.module(), day=told.first_day()),
        (
            _("This SCORE training, which you lead or help to lead, begins soon.")
            if told.to == "trainer"
            else _("The SCORE training for which your enterprise has places begins soon.")
            if told.to == "enterprise"
            else _("The SCORE training for which you are registered begins soon."),
        ),
        where_and_when(told),
        button=_task(told),
        notes=() if told.to == "trainer" else (every_day(), if_you_cannot()),
    )


def assigned(told: Told) -> Content:
    return Content(
        _("You are asked to teach: %(module)s, %(day)s", module=told.module(), day=told.first_day()),
        (_("You are named as a trainer or supervisor of this SCORE training."),),
        where_and_when(told),
        button=_task(told),
        notes=(if_you_cannot(),),
    )


def released(told: Told) -> Content:
    return Content(
        _("You no longer teach: %(module)s, %(day)s", module=told.module(), day=told.first_day()),
        (_("Another trainer takes over this SCORE training. You are not expected there any more."),),
        where_and_when(told),
    )


def evaluation(told: Told) -> Content:
    return Content(
        _("What was the training %(module)s like? Five questions", module=told.module()),
        (
            _(
                "You took part in the SCORE training %(module)s until %(day)s. What was it like for you? There are five "
                "questions, which take about one minute.",
                module=told.module(),
                day=told.day("delivered_on"),
            ),
        ),
        button=(_("Answer five questions"), told.link(EVALUATION, told.word("training_id"))),
        notes=(anonymous(told),),
    )


def evaluation_reminder(told: Told) -> Content:
    return Content(
        _("Five questions about the training %(module)s are still open to you", module=told.module()),
        (
            _(
                "A few days ago we asked you what the SCORE training %(module)s was like. If you have answered, thank you: "
                "we cannot know it, since answers are kept without names. If not, your answer would help the next ones.",
                module=told.module(),
            ),
        ),
        button=(_("Answer five questions"), told.link(EVALUATION, told.word("training_id"))),
        notes=(anonymous(told), _("We do not ask again.")),
    )


def where_and_when(told: Told) -> tuple[tuple[str, str], ...]:
    return (
        (_("Module"), told.module()),
        (_("Days"), told.days()),
        (_("Hours"), told.hours()),
        (_("Venue"), told.place()),
        (_("Training provider"), told.name_and_phone("provider_id")),
    )


def every_day() -> str:
    return _("Please come on every day: the module counts only for those who are there throughout.")


def if_you_cannot() -> str:
    return _("If you cannot come, please tell your training provider soon, or reply to this letter.")


def anonymous(told: Told) -> str:
    return _(
        "Your answers are kept without your name: nobody can say who answered what. This link is for you alone, can be "
        "used once, and is valid for %(days)s days.",
        days=told.link_days,
    )


def _seated(told: Told) -> str:
    if told.to == "enterprise":
        return _("Your enterprise has places in this SCORE training.")
    firm = told.name("enterprise_id")
    if firm:
        return _("%(enterprise)s has put you down for this SCORE training.", enterprise=firm)
    return _("You are put down for this SCORE training.")


def _task(told: Told) -> tuple[str, str] | None:
    """Return where a trainer finds the training; nobody else signs in there."""
    if told.to != "trainer":
        return None
    return (_("See the training"), told.page("enrollment", f"/trainings/{told.word('training_id')}"))


DELIVERED: Final = {**TRAINING, "delivered_on": "2027-03-10", "to": "participant"}

KINDS: Final[Mapping[str, Kind]] = {
    INVITATION: Kind(
        gettext_noop("Invitation to a training"), invitation, TRAINING,
        caused_by=("RosterSeated",), to=("enterprise", "participant"), useful_until=UNTIL_ITS_END,
        topic="trainings", calendar="REQUEST",
    ),
    PROMOTION: Kind(
        gettext_noop("A place from the waiting list"), promoted, TRAINING,
        caused_by=("RosterSeated",), to=("enterprise",), useful_until=UNTIL_ITS_END, topic="trainings", calendar="REQUEST",
    ),
    WAITING: Kind(
        gettext_noop("On the waiting list"), waitlisted, {**TRAINING, "position": 2},
        caused_by=("RosterWaitlisted",), to=("enterprise",), useful_until=UNTIL_ITS_END, topic="trainings",
    ),
    "training_withdrawn": Kind(
        gettext_noop("Places given back"), given_back, TRAINING,
        caused_by=("RosterWithdrawn", "RosterSeated"), to=("enterprise", "participant"), useful_until=UNTIL_ITS_END,
        must_arrive=True, calendar="CANCEL",
    ),
    TASK: Kind(
        gettext_noop("Asked to teach"), assigned, {**TRAINING, "to": "trainer"},
        caused_by=("TrainingScheduled", "TrainingRescheduled"), to=("trainer",), useful_until=UNTIL_ITS_END, optional=True,
        topic="trainings", calendar="REQUEST",
    ),
    "training_released": Kind(
        gettext_noop("No longer asked to teach"), released, {**TRAINING, "to": "trainer"},
        caused_by=("TrainingRescheduled",), to=("trainer",), useful_until=UNTIL_ITS_END, optional=True,
        must_arrive=True, calendar="CANCEL",
    ),
    MOVED: Kind(
        gettext_noop("Training moved"), moved, {**TRAINING, "previous_days": ["2027-03-02", "2027-03-03"]},
        caused_by=("TrainingRescheduled",), to=("enterprise", "participant", "trainer"),
        useful_until="the last day, old or new, of the training", topic="trainings", calendar="REQUEST",
    ),
    "training_cancelled": Kind(
        gettext_noop("Training cancelled"), cancelled, TRAINING,
        caused_by=("TrainingCancelled",), to=("enterprise", "participant", "trainer"), useful_until=UNTIL_ITS_END,
        must_arrive=True, calendar="CANCEL",
    ),
    REMINDER: Kind(
        gettext_noop("Reminder of a training"), reminder, TRAINING,
        caused_by=("timer `reminders`",), to=("enterprise", "participant", "trainer"),
        useful_until="the next reminder, or the first day of the training", optional=True, topic="trainings",
    ),
    EVALUATION: Kind(
        gettext_noop("Evaluation of a training"), evaluation, DELIVERED,
        caused_by=("TrainingDelivered",), to=("participant",), useful_until="the end of the link's life", optional=True,
        topic="evaluations",
    ),
    EVALUATION_REMINDER: Kind(
        gettext_noop("Reminder of an evaluation"), evaluation_reminder, DELIVERED,
        caused_by=("timer `reminders`",), to=("participant",), useful_until="the end of the link's life", optional=True,
        topic="evaluations",
    ),
}  # fmt: skip
