"""Consents of a person: purposes, the texts that were shown, who gave consent and when.

A consent is an entry that is never changed, only withdrawn; consent given anew is a new entry. So the record says at any
time which text held. Texts have versions; a version that was ever shown stays here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import mongoengine as me

PURPOSES: Final = ("training", "contact", "follow_up", "publication")
GIVERS: Final = ("person", "enterprise")

CURRENT_TEXT: Final = "2026-11"
TEXTS: Final[Mapping[str, Mapping[str, Mapping[str, str]]]] = {
    "2026-11": {
        "training": {
            "id": "Nama, jenis kelamin, dan jabatan saya dicatat untuk pelatihan SCORE dan daftar hadirnya.",
            "en": "My name, sex and role are recorded for SCORE training and its attendance lists.",
        },
        "contact": {
            "id": "Saya bersedia dihubungi melalui surel atau telepon tentang pelatihan yang saya ikuti.",
            "en": "I may be contacted by e-mail or phone about the training that I take part in.",
        },
        "follow_up": {
            "id": "Saya bersedia dihubungi setelah program untuk mengetahui hasilnya.",
            "en": "I may be asked after the programme what came of it.",
        },
        "publication": {
            "id": "Nama atau foto saya boleh dimuat dalam cerita keberhasilan usaha kami.",
            "en": "My name or picture may appear in a story about our enterprise.",
        },
    },
}


class Consent(me.EmbeddedDocument):  # type: ignore[misc]
    """One consent to one purpose; `recorded_by` is the pseudonym of whoever entered it."""

    purpose = me.StringField(required=True)
    text_version = me.StringField(required=True)
    given_by = me.StringField(required=True)
    given_on = me.DateField(required=True)
    recorded_by = me.UUIDField(required=True, binary=True)
    recorded_at = me.DateTimeField(required=True)
    withdrawn_at = me.DateTimeField()
    withdrawn_by = me.UUIDField(binary=True)


def consented(entries: Iterable[Consent]) -> tuple[str, ...]:
    """Return the purposes that hold now, in the order of `PURPOSES`."""
    standing = {entry.purpose for entry in entries if entry.withdrawn_at is None}
    return tuple(purpose for purpose in PURPOSES if purpose in standing)


def latest_text(entries: Sequence[Consent]) -> str:
    """Return the version of the text that was shown last; the current one before anything was shown."""
    return str(entries[-1].text_version) if entries else CURRENT_TEXT


def entries_for(
    purposes: Iterable[str], *, text_version: str, given_by: str, given_on: date, by: UUID, at: datetime
) -> list[Consent]:
    return [
        Consent(
            purpose=purpose,
            text_version=text_version,
            given_by=given_by,
            given_on=given_on,
            recorded_by=by,
            recorded_at=at,
        )
        for purpose in PURPOSES
        if purpose in set(purposes)
    ]


def withdraw(entries: Iterable[Consent], purposes: Iterable[str], *, by: UUID, at: datetime) -> tuple[str, ...]:
    """End the entries of these purposes; return the purposes that held until now."""
    to_end, withdrawn = set(purposes), set()
    for entry in entries:
        if entry.purpose in to_end and entry.withdrawn_at is None:
            entry.withdrawn_at, entry.withdrawn_by = at, by
            withdrawn.add(entry.purpose)
    return tuple(purpose for purpose in PURPOSES if purpose in withdrawn)


def texts() -> list[dict[str, Any]]:
    """Return every version of every text, newest version first."""
    return [
        {"id": f"{version}/{purpose}", "version": version, "purpose": purpose, "text": dict(words)}
        for version in sorted(TEXTS, reverse=True)
        for purpose, words in TEXTS[version].items()
    ]
