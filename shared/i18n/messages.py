"""Tells callers in their language what is wrong: titles of problems and texts of faults.

Types and codes are stable and never translated; texts may change. A text that a command brings along wins over the one of
its code.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from shared.i18n.catalogues import catalogues
from shared.i18n.fault_messages import FAULTS
from shared.kernel.errors import Fault, Problem
from shared.kernel.message import Message, gettext_noop, pgettext_noop


class Title(NamedTuple):
    title: str
    meaning: str


TITLES: Final[Mapping[str, Title]] = {
    "malformed-request": Title(
        gettext_noop("The request cannot be read"),
        gettext_noop("The body, a parameter or a header is not what it should be. Correct the part that errors names."),
    ),
    "idempotency-key-missing": Title(
        gettext_noop("An Idempotency-Key header is needed"),
        gettext_noop(
            "Without a key a repeat cannot be recognised. Send a random value (a UUID) and send it again when repeating."
        ),
    ),
    "misdirected-request": Title(
        gettext_noop("No such host here"),
        gettext_noop(
            "The Host header names no host of this service. Use the address that its operators have published."
        ),
    ),
    "unauthenticated": Title(
        gettext_noop("Sign in first"),
        gettext_noop(
            "Send a token that is still valid: Authorization: Bearer <token>. The reason of a refusal is never given."
        ),
    ),
    "forbidden": Title(
        gettext_noop("You may not do this"),
        gettext_noop("Your role does not include this action. Ask an institution that may do it."),
    ),
    "not-found": Title(
        gettext_noop("Not found"),
        gettext_noop("There is no such address or object, or it is not among the data that you can see."),
    ),
    "method-not-allowed": Title(
        gettext_noop("Method not allowed"),
        gettext_noop("This address exists but does not take that method. The Allow header lists those it takes."),
    ),
    "not-acceptable": Title(
        gettext_noop("No such format"),
        gettext_noop(
            "The answer is not written in any format that your Accept header takes. errors names the one there is."
        ),
    ),
    "not-allowed-now": Title(
        gettext_noop("Not possible in the present state"),
        gettext_noop("The object is in a state that does not allow this step. Read its state first."),
    ),
    "not-confirmed": Title(
        gettext_noop("The enterprise has not confirmed it"),
        gettext_noop("The programme accepts no report of a visit that the enterprise has not confirmed."),
    ),
    "plan-exists": Title(
        gettext_noop("This plan is there already"),
        gettext_noop("An enterprise has one improvement plan of a module. `existing_id` says which one it is."),
    ),
    "own-report": Title(
        gettext_noop("This report is your own"),
        gettext_noop("Whoever made the visit or entered its report cannot accept it. Somebody else has to."),
    ),
    "own-payment": Title(
        gettext_noop("You recorded a payment of it"),
        gettext_noop("Whoever recorded a payment of an invoice cannot credit it. Somebody else has to."),
    ),
    "payments-stand": Title(
        gettext_noop("Something was paid of it"),
        gettext_noop("An invoice of which something was paid is not credited. Take its payments back first."),
    ),
    "assessment-exists": Title(
        gettext_noop("This assessment is there already"),
        gettext_noop(
            "An enterprise has each assessment once; existing_id says which one it is. Complete or correct that one."
        ),
    ),
    "step-skipped": Title(
        gettext_noop("Another step comes first"),
        gettext_noop("missing names the steps that were not taken, in their order. Take them, then ask again."),
    ),
    "consent-missing": Title(
        gettext_noop("Consent is missing"),
        gettext_noop(
            "participants names those who do not, or no longer, consent to this purpose. Record their consent first."
        ),
    ),
    "conflict": Title(
        gettext_noop("In conflict with what exists"),
        gettext_noop("The value or the place that was asked for is taken."),
    ),
    "external-id-taken": Title(
        gettext_noop("This number is taken"),
        gettext_noop(
            "Another one of the same provider has this number: `existing_id` says which. Choose another number."
        ),
    ),
    "person-registered": Title(
        gettext_noop("A person of this name is registered"),
        gettext_noop(
            "participant_id names the one who is registered. For another of the same name send namesake: true."
        ),
    ),
    "has-seats": Title(
        gettext_noop("The enterprise still has seats"),
        gettext_noop("trainings names the planned trainings in which it has a place. Withdraw it there first."),
    ),
    "legal-hold": Title(
        gettext_noop("The law wants these data kept"),
        gettext_noop("reason says which law, until the last day on which they have to be kept."),
    ),
    "name-kept": Title(
        gettext_noop("The name stays with a certificate"),
        gettext_noop("until is the last day on which the name is kept. Ask again after it."),
    ),
    "possible-duplicate": Title(
        pgettext_noop("problem", "Probably registered already"),
        gettext_noop(
            "candidates lists those like it that you can see, others how many more there are. If it is another one all the "
            "same, say why in confirm_distinct; an equal NIB cannot be confirmed."
        ),
    ),
    "merged": Title(
        gettext_noop("Merged into another one"),
        gettext_noop("This registration was merged; kept_id and Location name the one that was kept."),
    ),
    "form-expired": Title(
        gettext_noop("The form has expired"),
        gettext_noop("The form does not belong to your present visit. Open its page again and send it once more."),
    ),
    "still-running": Title(
        gettext_noop("The same request is being carried out"),
        gettext_noop("Wait as Retry-After says, then send it again with the same Idempotency-Key."),
    ),
    "gate-closed": Title(
        gettext_noop("Waiting for another service"),
        gettext_noop("The event that missing names has not arrived yet. Try again as Retry-After says."),
    ),
    "not-known-yet": Title(
        gettext_noop("Not known here yet"),
        gettext_noop(
            "The id is so new that news of it may still be on its way from another service. Try again as Retry-After says; an "
            "id that names nothing of yours is answered as unknown once it is older."
        ),
    ),
    "stale-version": Title(
        gettext_noop("The data has changed"),
        gettext_noop("The object changed since you read it. Read it again, then send the change with the new ETag."),
    ),
    "body-too-large": Title(
        gettext_noop("The body is too large"),
        gettext_noop("Send a smaller body."),
    ),
    "unsupported-media-type": Title(
        gettext_noop("The body's format is not supported"),
        gettext_noop("Send the format that the documentation names, with its Content-Type."),
    ),
    "invalid": Title(
        gettext_noop("Something in the request is not right"),
        gettext_noop("Every fault is listed in errors with its place (pointer) and a stable code."),
    ),
    "idempotency-key-reused": Title(
        gettext_noop("The Idempotency-Key stands for another request"),
        gettext_noop("One key stands for one request. Use a new key for a new request."),
    ),
    "precondition-required": Title(
        gettext_noop("An If-Match header is needed"),
        gettext_noop("Send the ETag that you got when reading the object, so that nobody's change is overwritten."),
    ),
    "too-many-requests": Title(
        gettext_noop("Too many requests"),
        gettext_noop("Your institution is over its limit. Try again as Retry-After says."),
    ),
    "unavailable": Title(
        gettext_noop("The service is not available"),
        gettext_noop("Something this service needs does not answer. Try again as Retry-After says."),
    ),
    "http-error": Title(
        gettext_noop("The request cannot be served"),
        gettext_noop("The request does not follow the HTTP protocol. See the status of the answer."),
    ),
    "internal-error": Title(
        gettext_noop("An error of the service"),
        gettext_noop("The error is ours and has been recorded. Give the request_id when you contact us."),
    ),
}


def title_of(type_name: str, language: str) -> str:
    return catalogues().gettext(language, TITLES[type_name].title)


def meaning_of(type_name: str, language: str) -> str:
    return catalogues().gettext(language, TITLES[type_name].meaning)


def problem_text(problem: Problem, language: str) -> str:
    """Return one sentence for people: the problem's own words, else the meaning of its type."""
    if problem.detail is None:
        return meaning_of(problem.type_name, language)
    return catalogues().text(problem.detail, language)


def fault_text(fault: Fault, language: str) -> str:
    message = fault.detail or Message(FAULTS.get(fault.code, FAULTS["invalid"]), fault.values)
    return catalogues().text(message, language)
