"""Everything that is kept about one person, for that person: as data, and as a page of text in either language.

The text follows the schemas of the data: each field under its label, each code in the words of its own field.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from services.enrollment.enterprises.queries import any_enterprise
from services.enrollment.people.consent import TEXTS
from services.enrollment.people.model import Participant
from services.enrollment.people.queries import requests_of
from services.enrollment.people.schemas import ConsentView, ParticipantView
from services.enrollment.privacy.schemas import PrivacyRequestView, ReaderView
from shared.access import access_log
from shared.i18n.labels import Label, label_of
from shared.i18n.language import gettext, speaking
from shared.tabular.columns import labels_of
from shared.web.fields import Identifier, Moment
from shared.web.lists.views import AggregateView
from shared.web.schema import Schema

MOST_READERS = 500


def record_of(participant: Participant) -> dict[str, Any]:
    enterprise = any_enterprise(participant.enterprise_id)
    return {
        "participant": participant,
        "enterprise": enterprise.name if enterprise else "",
        "consents": list(participant.consents),
        "requests": requests_of(participant.id),
        # shown by role: who it was is the reader's own personal datum
        "readers": access_log.readers_of(participant.id, MOST_READERS),
    }


def readable(record: dict[str, Any], language: str) -> str:
    """Return the record as text that can be printed and handed over."""
    with speaking(language):
        return "\n".join(_lines(record, language)) + "\n"


def _lines(record: dict[str, Any], language: str) -> Iterator[str]:
    person: Participant = record["participant"]
    title = gettext("Personal data that are kept")
    yield from (title, "=" * len(title), "", f"{gettext('Enterprise')}: {record['enterprise']}")
    since = {"restricted": Moment().serialize("restricted_at", person) or False}
    yield from _labelled_values(ParticipantView(), {**ParticipantView().dump(person), **since})
    consents = [f"{_text_of(entry, language)} ({_entry(ConsentView(), entry)})" for entry in record["consents"]]
    yield from _section(gettext("Consents"), consents)
    yield from _section(gettext("Requests"), [_entry(PrivacyRequestView(), request) for request in record["requests"]])
    yield from _section(
        gettext("Who opened these data"), [_entry(ReaderView(), reader) for reader in record["readers"]]
    )


def _section(title: str, entries: list[str]) -> Iterator[str]:
    yield from ("", title, "-" * len(title))
    yield from (f"- {entry}" for entry in entries or [gettext("none")])


def _text_of(consent: Any, language: str) -> str:
    """Return the text that the person was shown and agreed to."""
    return str(TEXTS.get(consent.text_version, {}).get(consent.purpose, {}).get(language, consent.purpose))


def _entry(schema: Schema, row: Any) -> str:
    dumped = schema.dump(row)
    return "; ".join(
        _labelled_values(schema, {name: value for name, value in dumped.items() if value not in (None, [])})
    )


def _labelled_values(schema: Schema, dumped: Mapping[str, Any]) -> Iterator[str]:
    """Yield of each field its label and its value. What every stored row has, and the ids, say nothing of the person."""
    labels = labels_of(schema)
    for name, value in dumped.items():
        if name not in AggregateView().fields and not isinstance(schema.fields[name], Identifier):
            yield f"{gettext(labels[name])}: {_in_words(value, schema.CODES.get(name, {}))}"


def _in_words(value: Any, codes: Mapping[str, Label]) -> str:
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, list):
        return ", ".join(label_of(code, codes) for code in value) or gettext("none")
    return (label_of(value, codes) if codes else value) or gettext("none")
