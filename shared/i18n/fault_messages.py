"""The codes that a fault can carry, their texts, and which of marshmallow's messages means which code."""

from __future__ import annotations

import re
from typing import Final

FAULTS: Final[dict[str, dict[str, str]]] = {
    "invalid": {"id": "Nilai tidak benar.", "en": "The value is not valid."},
    "required": {"id": "Wajib diisi.", "en": "This is required."},
    "null": {"id": "Tidak boleh kosong (null).", "en": "This may not be null."},
    "unknown-field": {"id": "Isian ini tidak dikenal.", "en": "There is no such field."},
    "unknown-parameter": {"id": "Parameter ini tidak dikenal.", "en": "There is no such parameter."},
    "repeated": {"id": "Hanya boleh disebut satu kali.", "en": "This may be given only once."},
    "wrong-type": {"id": "Jenis nilai salah; yang diharapkan: {expected}.", "en": "Wrong type; expected: {expected}."},
    "not-a-choice": {"id": "Harus salah satu dari: {choices}.", "en": "Must be one of: {choices}."},
    "too-short": {"id": "Terlalu pendek; paling sedikit {min}.", "en": "Too short; at least {min}."},
    "too-long": {"id": "Terlalu panjang; paling banyak {max}.", "en": "Too long; at most {max}."},
    "wrong-length": {"id": "Panjang harus antara {min} dan {max}.", "en": "The length must be from {min} to {max}."},
    "out-of-range": {"id": "Nilai di luar batas: {bounds}.", "en": "The value is out of bounds: {bounds}."},
    "wrong-format": {"id": "Bentuk penulisan tidak benar.", "en": "The value does not have the expected form."},
    "control-character": {
        "id": "Mengandung karakter kendali yang tidak diperbolehkan.",
        "en": "Contains a control character that is not allowed.",
    },
    "number-too-large": {"id": "Angka terlalu besar.", "en": "The number is too large."},
    "not-finite": {"id": "Harus berupa angka biasa (bukan NaN atau Infinity).", "en": "Must be an ordinary number."},
    "operator": {"id": "Nama isian tidak boleh diawali $.", "en": "Field names may not start with $."},
    "not-json": {"id": "Isi bukan JSON yang benar.", "en": "The body is not valid JSON."},
    "not-utf8": {"id": "Teks bukan UTF-8 yang benar.", "en": "The text is not valid UTF-8."},
    "too-deep": {"id": "Isi bersarang lebih dari {max} tingkat.", "en": "Nested more than {max} levels deep."},
    "too-many-keys": {"id": "Lebih dari {max} isian.", "en": "More than {max} fields."},
    "too-many-items": {"id": "Lebih dari {max} nilai.", "en": "More than {max} values."},
    "duplicate-key": {"id": "Isian {key} disebut dua kali.", "en": "The field {key} is given twice."},
    "no-body": {"id": "Tindakan ini tidak menerima isi.", "en": "This operation takes no body."},
    "media-type": {"id": "Content-Type yang diterima: {expected}.", "en": "Content-Type taken here: {expected}."},
    "cursor": {"id": "Kursor ini tidak berasal dari daftar ini.", "en": "This cursor is not one of this list's."},
    "etag": {"id": 'Bukan ETag dari objek ini, misalnya "3".', "en": 'Not an ETag of this object, such as "3".'},
    "stale": {"id": "Versi ini sudah lama.", "en": "This version is out of date."},
    "reused": {"id": "Kunci ini sudah dipakai untuk permintaan lain.", "en": "The key stands for another request."},
    "key-form": {
        "id": "Kunci terdiri dari 1 sampai 128 karakter ASCII yang terlihat.",
        "en": "A key is 1 to 128 visible ASCII characters.",
    },
}

EXPECTED: Final[dict[str, tuple[str, str]]] = {
    "string": ("teks", "a text"),
    "utf-8 string": ("teks UTF-8", "a UTF-8 text"),
    "UUID": ("UUID", "a UUID"),
    "number": ("angka", "a number"),
    "integer": ("bilangan bulat", "a whole number"),
    "boolean": ("true atau false", "true or false"),
    "date": ("tanggal YYYY-MM-DD", "a date YYYY-MM-DD"),
    "aware datetime": ("waktu RFC 3339 dengan zona", "an RFC 3339 time with its zone"),
    "list": ("daftar", "a list"),
    "object": ("objek", "an object"),
}

_TYPES = r"string|utf-8 string|UUID|number|integer|boolean|date|datetime|list|mapping type|period of time"

STOCK: Final[tuple[tuple[re.Pattern[str], str], ...]] = tuple(
    (re.compile(pattern), code)
    for pattern, code in (
        (r"Missing data for required field\.", "required"),
        (r"Field may not be null\.", "null"),
        (r"Unknown field\.", "unknown-field"),
        (r"Invalid input type\.|Invalid type\.", "wrong-type"),
        (rf"Not a valid (?P<expected>{_TYPES}|(?:naive|aware) datetime)\.", "wrong-type"),
        (r"Must be one of: (?P<choices>.*)\.", "not-a-choice"),
        (r"Shorter than minimum length (?P<min>\d+)\.", "too-short"),
        (r"Longer than maximum length (?P<max>\d+)\.", "too-long"),
        (r"Length must be between (?P<min>\d+) and (?P<max>\d+)\.", "wrong-length"),
        (r"Must be (?P<bounds>(?:greater|less) than .*)\.", "out-of-range"),
        (r"String does not match expected pattern\.", "wrong-format"),
        (r"Not a valid (?:email address|URL)\.", "wrong-format"),
        (r"Number too large\.", "number-too-large"),
        (r"Special numeric values \(nan or infinity\) are not permitted\.", "not-finite"),
        (r"Contains a control character\.", "control-character"),
    )
)
