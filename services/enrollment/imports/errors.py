"""What is wrong with a spreadsheet, a column, a cell or a row, in words for whoever sent it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from shared.kernel.errors import Fault

WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "not-xlsx": {
        "id": "Berkas bukan XLSX yang dapat dibaca. Simpan sebagai .xlsx tanpa kata sandi.",
        "en": "The file is no XLSX that can be read. Save it as .xlsx without a password.",
    },
    "unpacks-too-large": {
        "id": "Isi berkas XLSX terlalu besar setelah dibuka.",
        "en": "The XLSX file unpacks to more than is taken.",
    },
    "not-utf8-csv": {
        "id": "Berkas CSV bukan UTF-8. Simpan sebagai CSV UTF-8.",
        "en": "The CSV file is not UTF-8. Save it as CSV UTF-8.",
    },
    "not-csv": {"id": "Baris CSV ini tidak dapat dibaca.", "en": "This line of the CSV file cannot be read."},
    "no-rows": {"id": "Berkas ini kosong.", "en": "The file is empty."},
    "too-many-rows": {
        "id": "Berkas berisi terlalu banyak baris; bagilah menjadi beberapa berkas.",
        "en": "The file has too many rows; divide it into several.",
    },
    "unknown-column": {"id": "Kolom ini tidak dikenal.", "en": "There is no such column."},
    "column-twice": {"id": "Kolom ini ada dua kali.", "en": "This column is there twice."},
    "column-missing": {"id": "Kolom wajib ini tidak ada.", "en": "This column is needed and is not there."},
    "formula": {
        "id": "Sel berisi rumus. Tempelkan hasilnya sebagai nilai.",
        "en": "The cell holds a formula. Paste its result as a value.",
    },
    "error-value": {"id": "Sel berisi galat rumus, misalnya #N/A.", "en": "The cell holds an error such as #N/A."},
    "cell-too-long": {"id": "Isi sel terlalu panjang.", "en": "The cell holds too long a text."},
    "digits-lost": {
        "id": "Angka lebih dari 15 digit tidak tersimpan utuh. Format kolom sebagai teks, lalu ketik ulang.",
        "en": "Numbers of more than 15 digits are not kept whole. Format the column as text and type it again.",
    },
    "zeros-lost": {
        "id": "Tersimpan sebagai angka, sehingga nol di depan bisa hilang. Format kolom sebagai teks, lalu ketik ulang.",
        "en": "It was kept as a number, so zeros at its start may be lost. Format the column as text and type it again.",
    },
    "date-as-number": {
        "id": "Tanggal tersimpan sebagai angka. Format kolom sebagai tanggal atau tulis YYYY-MM-DD.",
        "en": "The date was kept as a number. Format the column as a date or write YYYY-MM-DD.",
    },
    "beyond-the-columns": {"id": "Sel ini tidak punya judul kolom.", "en": "This cell stands under no heading."},
    "row-differs": {
        "id": "Baris ini pernah diimpor dengan isi lain. Perbaiki datanya langsung, bukan lewat impor.",
        "en": "This row was imported before with other content. Correct the entry itself, not by import.",
    },
}


def import_fault(code: str, *, pointer: str = "") -> Fault:
    return Fault(code, WORDS[code], pointer=pointer)
