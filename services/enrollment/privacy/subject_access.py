"""Everything that is kept about one person, for that person: as data, and as a page of text in either language."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from services.enrollment.enterprises.queries import any_enterprise
from services.enrollment.people.consent import TEXTS
from services.enrollment.people.model import Participant
from services.enrollment.people.privacy_request import PrivacyRequest
from services.enrollment.people.queries import requests_of
from shared.access import access_log
from shared.storage import connection
from shared.web.fields import Moment

MOST_READERS = 500
LABELS = {
    "title": {"id": "Data pribadi yang disimpan", "en": "Personal data that are kept"},
    "enterprise": {"id": "Usaha", "en": "Enterprise"},
    "name": {"id": "Nama", "en": "Name"},
    "sex": {"id": "Jenis kelamin", "en": "Sex"},
    "role": {"id": "Jabatan", "en": "Role"},
    "language": {"id": "Bahasa", "en": "Language"},
    "email": {"id": "Surel", "en": "E-mail"},
    "phone": {"id": "Telepon", "en": "Phone"},
    "state": {"id": "Keadaan", "en": "State"},
    "restricted": {"id": "Pemrosesan dibatasi sejak", "en": "Processing restricted since"},
    "held": {"id": "Wajib disimpan sampai", "en": "Kept by law until"},
    "consents": {"id": "Persetujuan", "en": "Consents"},
    "given": {"id": "diberikan", "en": "given"},
    "withdrawn": {"id": "ditarik", "en": "withdrawn"},
    "requests": {"id": "Permintaan", "en": "Requests"},
    "due": {"id": "tenggat", "en": "due"},
    "readers": {"id": "Siapa yang membuka data ini", "en": "Who opened these data"},
    "none": {"id": "tidak ada", "en": "none"},
}
CODES = {
    "female": {"id": "perempuan", "en": "female"},
    "male": {"id": "laki-laki", "en": "male"},
    "manager": {"id": "manajer", "en": "manager"},
    "worker": {"id": "pekerja", "en": "worker"},
    "active": {"id": "aktif", "en": "active"},
    "erased": {"id": "dihapus", "en": "erased"},
    "open": {"id": "terbuka", "en": "open"},
    "done": {"id": "selesai", "en": "done"},
    "refused": {"id": "ditolak", "en": "refused"},
    "tax_records": {"id": "catatan pajak", "en": "tax records"},
    "labour_records": {"id": "catatan ketenagakerjaan", "en": "labour records"},
    "dispute": {"id": "sengketa atau perkara", "en": "a dispute or a lawsuit"},
    "audit": {"id": "audit", "en": "an audit"},
    "other": {"id": "kewajiban hukum lain", "en": "another legal duty"},
    "withdrawal": {"id": "penarikan persetujuan", "en": "withdrawal of consent"},
    "restriction": {"id": "pembatasan", "en": "restriction"},
    "correction": {"id": "perbaikan", "en": "correction"},
    "access": {"id": "akses", "en": "access"},
    "erasure": {"id": "penghapusan", "en": "erasure"},
}


def record_of(participant: Participant) -> dict[str, Any]:
    enterprise = any_enterprise(participant.enterprise_id)
    return {
        "participant": participant,
        "enterprise": enterprise.name if enterprise else "",
        "consents": list(participant.consents),
        "requests": requests_of(participant.id),
        "readers": readers_of(participant.id),
    }


def readers_of(participant_id: UUID) -> list[dict[str, Any]]:
    """Who opened a person's data, newest first, by role: who it was is the reader's own personal datum."""
    rows = connection.database()[access_log.COLLECTION].find({"object": participant_id})
    return sorted(rows, key=lambda row: row["at"], reverse=True)[:MOST_READERS]


def readable(record: dict[str, Any], language: str) -> str:
    """The record as text that can be printed and handed over."""
    return "\n".join(_lines(record, language)) + "\n"


def _lines(record: dict[str, Any], language: str) -> Iterator[str]:
    person: Participant = record["participant"]
    said = {name: words[language] for name, words in LABELS.items()}
    title = said["title"]
    yield from (title, "=" * len(title), "")
    yield f"{said['enterprise']}: {record['enterprise']}"
    for field in ("name", "sex", "role", "language", "email", "phone", "state"):
        value = getattr(person, field)
        yield f"{said[field]}: {_code(value, language) or said['none']}"
    if person.restricted_at:
        yield f"{said['restricted']}: {_moment(person.restricted_at)}"
    if person.hold_until:
        yield f"{said['held']}: {person.hold_until.isoformat()[:10]} ({_code(person.hold_reason, language)})"
    yield from _section(said["consents"], [_consent(entry, said, language) for entry in record["consents"]], said)
    yield from _section(said["requests"], [_request(one, said, language) for one in record["requests"]], said)
    readers = [f"{_moment(row['at'])}: {row['role']}, {row['action']}" for row in record["readers"]]
    yield from _section(said["readers"], readers, said)


def _section(title: str, lines: list[str], said: dict[str, str]) -> Iterator[str]:
    yield from ("", title, "-" * len(title))
    yield from (f"- {line}" for line in lines or [said["none"]])


def _consent(entry: Any, said: dict[str, str], language: str) -> str:
    text = TEXTS.get(entry.text_version, {}).get(entry.purpose, {}).get(language, entry.purpose)
    ended = f"; {said['withdrawn']} {_moment(entry.withdrawn_at)}" if entry.withdrawn_at else ""
    return f"{text} ({entry.text_version}) {said['given']} {entry.given_on.isoformat()[:10]}{ended}"


def _request(request: PrivacyRequest, said: dict[str, str], language: str) -> str:
    kind, state = _code(request.kind, language), _code(request.state, language)
    return f"{_moment(request.received_at)}: {kind}; {said['due']} {_moment(request.due_at)}; {state}"


def _code(value: str | None, language: str) -> str | None:
    return CODES[value][language] if value in CODES else value


def _moment(at: Any) -> str:
    return str(Moment().serialize("at", {"at": at}))
