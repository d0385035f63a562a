"""What callers read: titles of problems, texts of faults, in Indonesian and English.

Types and codes are stable and never translated; texts may change. A text that a command brings along wins over the
catalogue; one without a translation is shown as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from shared.i18n.fault_messages import EXPECTED, FAULTS, STOCK
from shared.i18n.languages import DEFAULT, LANGUAGES
from shared.kernel.errors import Fault, Problem, Words


class Title(NamedTuple):
    id: str
    en: str
    meaning_id: str
    meaning_en: str


TITLES: Final[dict[str, Title]] = {
    "malformed-request": Title(
        "Permintaan tidak dapat dibaca",
        "The request cannot be read",
        "Isi, parameter, atau header tidak berbentuk seperti seharusnya. Perbaiki bagian yang disebut dalam errors.",
        "The body, a parameter or a header is not what it should be. Correct the part that errors names.",
    ),
    "idempotency-key-missing": Title(
        "Header Idempotency-Key diperlukan",
        "An Idempotency-Key header is needed",
        "Tanpa kunci, pengulangan tidak dapat dikenali. Kirim nilai acak (mis. UUID) dan pakai lagi saat mengulang.",
        "Without a key a repeat cannot be recognised. Send a random value (a UUID) and send it again when repeating.",
    ),
    "unauthenticated": Title(
        "Anda perlu masuk",
        "Sign in first",
        "Kirim token yang masih berlaku: Authorization: Bearer <token>. Alasan penolakan tidak pernah disebutkan.",
        "Send a token that is still valid: Authorization: Bearer <token>. The reason of a refusal is never given.",
    ),
    "forbidden": Title(
        "Anda tidak berwenang",
        "You may not do this",
        "Peran Anda tidak mencakup tindakan ini. Mintalah kepada lembaga yang berwenang.",
        "Your role does not include this action. Ask an institution that may do it.",
    ),
    "not-found": Title(
        "Tidak ditemukan",
        "Not found",
        "Alamat atau objek ini tidak ada, atau tidak termasuk data yang dapat Anda lihat.",
        "There is no such address or object, or it is not among the data that you can see.",
    ),
    "method-not-allowed": Title(
        "Metode tidak diperbolehkan",
        "Method not allowed",
        "Alamat ini ada, tetapi tidak menerima metode tersebut. Header Allow menyebutkan yang diterima.",
        "This address exists but does not take that method. The Allow header lists those it takes.",
    ),
    "not-allowed-now": Title(
        "Tidak dapat dilakukan pada keadaan sekarang",
        "Not possible in the present state",
        "Objek berada dalam keadaan yang tidak memungkinkan langkah ini. Baca keadaannya terlebih dahulu.",
        "The object is in a state that does not allow this step. Read its state first.",
    ),
    "step-skipped": Title(
        "Ada langkah yang harus selesai dahulu",
        "Another step comes first",
        "missing menyebut langkah yang belum dilakukan, menurut urutannya. Lakukan langkah itu, lalu ulangi.",
        "missing names the steps that were not taken, in their order. Take them, then ask again.",
    ),
    "consent-missing": Title(
        "Persetujuan belum ada",
        "Consent is missing",
        "participants menyebut orang yang belum atau tidak lagi menyetujui tujuan ini. Catat persetujuannya lebih dahulu.",
        "participants names those who do not, or no longer, consent to this purpose. Record their consent first.",
    ),
    "conflict": Title(
        "Bertentangan dengan data yang ada",
        "In conflict with what exists",
        "Nilai atau tempat yang diminta sudah dipakai.",
        "The value or the place that was asked for is taken.",
    ),
    "possible-duplicate": Title(
        "Mungkin sudah terdaftar",
        "Probably registered already",
        "candidates menyebut yang mirip dan dapat Anda lihat, others jumlah yang lain. Bila memang usaha lain, sebutkan "
        "alasannya dalam confirm_distinct; NIB yang sama tidak dapat dikonfirmasi.",
        "candidates lists those like it that you can see, others how many more there are. If it is another one all the "
        "same, say why in confirm_distinct; an equal NIB cannot be confirmed.",
    ),
    "merged": Title(
        "Digabungkan dengan yang lain",
        "Merged into another one",
        "Pendaftaran ini digabungkan; kept_id dan Location menyebut yang dipertahankan.",
        "This registration was merged; kept_id and Location name the one that was kept.",
    ),
    "form-expired": Title(
        "Formulir sudah kedaluwarsa",
        "The form has expired",
        "Formulir ini bukan dari kunjungan Anda sekarang. Buka halamannya lagi, lalu kirim ulang.",
        "The form does not belong to your present visit. Open its page again and send it once more.",
    ),
    "still-running": Title(
        "Permintaan yang sama sedang dikerjakan",
        "The same request is being carried out",
        "Tunggu sesuai Retry-After lalu kirim lagi dengan Idempotency-Key yang sama.",
        "Wait as Retry-After says, then send it again with the same Idempotency-Key.",
    ),
    "gate-closed": Title(
        "Menunggu data dari layanan lain",
        "Waiting for another service",
        "Peristiwa yang disebut dalam missing belum tiba. Coba lagi sesuai Retry-After.",
        "The event that missing names has not arrived yet. Try again as Retry-After says.",
    ),
    "stale-version": Title(
        "Data sudah berubah",
        "The data has changed",
        "Objek berubah sejak Anda membacanya. Baca lagi, lalu kirim perubahan dengan ETag yang baru.",
        "The object changed since you read it. Read it again, then send the change with the new ETag.",
    ),
    "body-too-large": Title(
        "Isi terlalu besar",
        "The body is too large",
        "Kurangi ukuran isi permintaan.",
        "Send a smaller body.",
    ),
    "unsupported-media-type": Title(
        "Format isi tidak didukung",
        "The body's format is not supported",
        "Kirim isi dalam format yang disebut dokumentasi, dengan Content-Type yang sesuai.",
        "Send the format that the documentation names, with its Content-Type.",
    ),
    "invalid": Title(
        "Ada isian yang tidak benar",
        "Something in the request is not right",
        "Setiap kesalahan disebut dalam errors dengan tempatnya (pointer) dan kode yang tetap.",
        "Every fault is listed in errors with its place (pointer) and a stable code.",
    ),
    "idempotency-key-reused": Title(
        "Idempotency-Key sudah dipakai untuk permintaan lain",
        "The Idempotency-Key stands for another request",
        "Satu kunci hanya untuk satu permintaan. Pakai kunci baru untuk permintaan baru.",
        "One key stands for one request. Use a new key for a new request.",
    ),
    "precondition-required": Title(
        "Header If-Match diperlukan",
        "An If-Match header is needed",
        "Kirim ETag yang Anda terima saat membaca objek, agar perubahan orang lain tidak tertimpa.",
        "Send the ETag that you got when reading the object, so that nobody's change is overwritten.",
    ),
    "too-many-requests": Title(
        "Terlalu banyak permintaan",
        "Too many requests",
        "Lembaga Anda melampaui batas. Coba lagi sesuai Retry-After.",
        "Your institution is over its limit. Try again as Retry-After says.",
    ),
    "unavailable": Title(
        "Layanan sedang tidak tersedia",
        "The service is not available",
        "Sesuatu yang dibutuhkan layanan ini tidak menjawab. Coba lagi sesuai Retry-After.",
        "Something this service needs does not answer. Try again as Retry-After says.",
    ),
    "http-error": Title(
        "Permintaan tidak dapat dilayani",
        "The request cannot be served",
        "Permintaan tidak sesuai dengan protokol HTTP. Lihat status jawabannya.",
        "The request does not follow the HTTP protocol. See the status of the answer.",
    ),
    "internal-error": Title(
        "Kesalahan pada layanan",
        "An error of the service",
        "Kesalahan ada pada kami dan sudah dicatat. Sebutkan request_id bila menghubungi kami.",
        "The error is ours and has been recorded. Give the request_id when you contact us.",
    ),
}


def title_of(type_name: str, language: str) -> str:
    found = TITLES[type_name]
    return found.en if language == "en" else found.id


def meaning_of(type_name: str, language: str) -> str:
    found = TITLES[type_name]
    return found.meaning_en if language == "en" else found.meaning_id


def in_language(words: Words, language: str) -> str:
    if isinstance(words, str):
        return _translated(words, language)
    return words.get(language) or words.get(DEFAULT) or next(iter(words.values()), "")


def problem_text(problem: Problem, language: str) -> str:
    """One sentence for people: the problem's own words, else the meaning of its type."""
    if problem.detail:
        return in_language(problem.detail, language)
    return meaning_of(problem.type_name, language)


def fault_text(fault: Fault, language: str) -> str:
    if fault.detail:
        return in_language(fault.detail, language)
    return _filled(fault.code if fault.code in FAULTS else "invalid", language, fault.values or {})


def coded(message: str) -> tuple[str, dict[str, Any]]:
    """The stable code of one of marshmallow's messages, and the values in it."""
    for pattern, code in STOCK:
        found = pattern.fullmatch(message)
        if found:
            values = found.groupdict()
            if code == "wrong-type":
                values.setdefault("expected", "object")
            elif code == "out-of-range":
                values["bounds"] = _symbols(values["bounds"])
            return code, values
    return "invalid", {}


def _translated(message: str, language: str) -> str:
    code, values = coded(message)
    return message if code == "invalid" else _filled(code, language, values)


def _symbols(bounds: str) -> str:
    """Bounds that need no translation: `≥ 1, ≤ 500`."""
    for words, symbol in ((" or equal to", "="), ("greater than", ">"), ("less than", "<"), (" and ", ", ")):
        bounds = bounds.replace(words, symbol)
    return bounds.replace(">=", "≥").replace("<=", "≤")


def _filled(code: str, language: str, values: Mapping[str, Any]) -> str:
    shown = dict(values)
    if shown.get("expected") in EXPECTED:
        shown["expected"] = EXPECTED[shown["expected"]][LANGUAGES.index(language)]
    return re.sub(r"\{(\w+)\}", lambda hole: str(shown.get(hole[1], "…")), FAULTS[code][language])
