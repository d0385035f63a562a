"""Says what the codes and fields of letters are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from services.notifications.letters.kinds import KINDS
from shared.i18n.labels import Label
from shared.i18n.language import gettext
from shared.kernel.message import gettext_noop

FIELDS: Final[Mapping[str, str]] = {
    "template": gettext_noop("Template"),
    "recipient_id": gettext_noop("Recipient ID"),
    "cause_id": gettext_noop("Cause ID"),
    "tries": gettext_noop("Tries"),
    "sent_at": gettext_noop("Sent (UTC)"),
    "letter_ids": gettext_noop("Letters"),
    "letters": gettext_noop("Letters"),
    "steps": gettext_noop("What happened"),
    "at": gettext_noop("When (UTC)"),
    "written_from": gettext_noop("Written from"),
    "written_until": gettext_noop("Written until"),
}

STATES: Mapping[str, tuple[str, str]] = {
    "held": (gettext_noop("Held, news is old"), "attention"),
    "ambiguous": (gettext_noop("Unclear whether it went out"), "attention"),
    "failed": (gettext_noop("Failed"), "problem"),
    "bounced": (gettext_noop("Refused by the recipient's server"), "problem"),
    "unreachable": (gettext_noop("No e-mail address"), "attention"),
    "waiting_for_contact": (gettext_noop("Waiting for the contact"), "waiting"),
    "suppressed": (gettext_noop("Not written"), "ended"),
    "queued": (gettext_noop("Ready to be sent"), "waiting"),
    "sending": (gettext_noop("Being sent"), "active"),
    "sent": (gettext_noop("Sent"), "done"),
}
FOR_A_PERSON = ("held", "ambiguous", "failed", "bounced", "unreachable")

MEANINGS: Mapping[str, str] = {
    "held": gettext_noop(
        "What it tells happened too long ago to be sent by itself. You decide whether it shall go out after all."
    ),
    "ambiguous": gettext_noop(
        "The connection broke after the letter was handed over. It may have arrived; it is not sent again by itself."
    ),
    "failed": gettext_noop("It could not be sent. Nothing has reached the recipient."),
    "bounced": gettext_noop("The mail server refused it for good. The address may be wrong."),
    "unreachable": gettext_noop(
        "The recipient has no e-mail address. Once one is entered in the register, the letter goes out by itself."
    ),
    "waiting_for_contact": gettext_noop(
        "The recipient's contact has not arrived from its register yet, or is being confirmed there."
    ),
    "suppressed": gettext_noop(
        "The recipient has no e-mail address, does not want letters or shares a mailbox, and need not get this one."
    ),
    "queued": gettext_noop("It goes out by itself at its next turn."),
    "sending": gettext_noop("It is with the mail server right now."),
    "sent": gettext_noop("The mail server has taken it."),
}

TEMPLATES: Mapping[str, str] = {template: kind.label for template, kind in KINDS.items()}

AUDIENCES: Mapping[str, str] = {
    "enterprise": gettext_noop("The enterprise's contact"),
    "participant": gettext_noop("Those who are named for the training"),
    "trainer": gettext_noop("The trainer"),
    "institution": gettext_noop("The institution"),
    "payer": gettext_noop("Who pays"),
}

RESENDS: Mapping[str, str] = {
    "not-arrived": gettext_noop("The recipient says that it did not arrive."),
    "address-works": gettext_noop("The address is known to work again."),
    "relay-mended": gettext_noop("The fault of the mail server is mended."),
    "asked-again": gettext_noop("The recipient asks for it once more."),
}
RESENDABLE = ("ambiguous", "failed", "bounced")

REASONS: Mapping[str, str] = {
    **RESENDS,
    "no-address": gettext_noop("There was no e-mail address to write to."),
    "mailbox-asked": gettext_noop("This mailbox was asked about the training already, for another participant."),
    "erased": gettext_noop("The recipient was erased."),
    "occasion-passed": gettext_noop("What it tells of was over before it could go out."),
    "overtaken": gettext_noop("It no longer held before it could go out; what holds now is told by another letter."),
    "address-suppressed": gettext_noop("Mail to this address came back. It goes out once another one is entered."),
    "opted-out": gettext_noop("The recipient does not want letters of this kind."),
    "quiet-hours": gettext_noop("It is night where the recipient is."),
    "enough-for-now": gettext_noop("This address has got many letters within the last hour."),
    "returned": gettext_noop("The recipient's mail server sent it back."),
    "sender-died": gettext_noop("The sending process stopped in the middle."),
}


def reason_text(code: str | None) -> str:
    """Return why the last try did not succeed."""
    if not code:
        return ""
    if code in REASONS:
        return gettext(REASONS[code])
    if code.startswith("smtp-"):
        return gettext("The mail server answered with code %(code)s.", code=code.removeprefix("smtp-"))
    return gettext("Technical reason: %(code)s.", code=code)


CODES: Final[Mapping[str, Mapping[str, Label]]] = {
    "state": STATES,
    "template": TEMPLATES,
    "reason": REASONS,
}
