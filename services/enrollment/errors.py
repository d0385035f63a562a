"""What enrollment refuses beyond the shape of a request, in words for whoever asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from shared.domain.errors import Conflict, Invalid
from shared.kernel.errors import Fault

WORDS: Final = {
    "role-missing": {"id": "Sedikitnya satu orang diperlukan.", "en": "At least one person is needed."},
    "more-than-seated": {
        "id": "Yang hadir melebihi jumlah kursi usaha ini.",
        "en": "More were present than this enterprise has seats.",
    },
    "enterprise-missing": {"id": "Ada usaha yang belum diisi.", "en": "An enterprise with seats is missing."},
    "enterprise-twice": {"id": "Usaha yang sama disebut dua kali.", "en": "The same enterprise is given twice."},
    "enterprise-not-seated": {"id": "Usaha ini tidak mendapat kursi.", "en": "This enterprise has no seats."},
    "day-twice": {"id": "Hari yang sama disebut dua kali.", "en": "The same day is given twice."},
    "unknown-module": {"id": "Modul ini tidak ada dalam katalog.", "en": "The catalogue has no such module."},
    "unknown-enterprise": {"id": "Usaha ini tidak dikenal.", "en": "There is no such enterprise."},
    "unknown-institution": {"id": "Lembaga ini tidak dikenal.", "en": "There is no such institution."},
    "unknown-contact": {
        "id": "Lembaga ini tidak memiliki narahubung itu.",
        "en": "The institution has no such contact.",
    },
    "contact-role-missing": {"id": "Sebutkan sedikitnya satu peran.", "en": "Name at least one role."},
    "version-published": {
        "id": "Versi ini sudah terbit dengan isi lain; terbitkan versi baru.",
        "en": "This version was published with another content; publish a new one.",
    },
    "version-gap": {
        "id": "Nomor versi harus satu di atas versi terakhir.",
        "en": "The number must be one above the last version's.",
    },
    "version-earlier": {
        "id": "Versi baru tidak boleh berlaku sebelum versi yang digantikannya.",
        "en": "A new version cannot be valid before the version that it follows.",
    },
    "nib-form": {"id": "NIB terdiri dari 13 angka.", "en": "A NIB has 13 digits."},
    "npwp-form": {"id": "NPWP terdiri dari 15 atau 16 angka.", "en": "An NPWP has 15 or 16 digits."},
    "size-differs": {
        "id": "Skala usaha ini tidak sesuai dengan penjualan atau modal yang disebut.",
        "en": "This size does not follow from the sales or the capital that is given.",
    },
    "kbli-version-alone": {
        "id": "Edisi KBLI disebut hanya bersama kodenya.",
        "en": "The edition of KBLI is given only with a code.",
    },
    "first-module": {
        "id": "Rencana dimulai dengan modul pertama program, M1.",
        "en": "A plan begins with the programme's first module, M1.",
    },
    "module-twice": {"id": "Modul yang sama disebut dua kali.", "en": "The same module is given twice."},
    "prerequisite-missing": {
        "id": "Modul yang harus mendahuluinya belum ada dalam rencana sebelum modul ini.",
        "en": "A module that has to come before it does not stand before it in the plan.",
    },
    "letter-missing": {
        "id": "Unggah surat komitmen yang ditandatangani terlebih dahulu.",
        "en": "Upload the signed commitment letter first.",
    },
    "unknown-letter": {"id": "Surat ini tidak dikenal.", "en": "There is no such letter."},
    "letter-form": {
        "id": "Surat harus berupa PDF, JPEG atau PNG.",
        "en": "A letter is a PDF, a JPEG or a PNG.",
    },
    "has-seats": {
        "id": "Usaha ini masih punya tempat dalam pelatihan yang akan datang. Batalkan tempatnya terlebih dahulu.",
        "en": "This enterprise still has a place in a planned training. Withdraw it first.",
    },
    "further-along": {
        "id": "Usaha ini sudah berkomitmen, yang lain belum. Gabungkan ke arah sebaliknya.",
        "en": "This enterprise has committed itself and the other has not. Merge the other way round.",
    },
    "has-journeys": {
        "id": "Usaha ini sudah memulai modul. Gabungkan ke arah sebaliknya agar perjalanannya tetap.",
        "en": "This enterprise has begun modules. Merge the other way round, so that its journeys remain.",
    },
    "same-provider": {"id": "Penyedia ini sudah mendampinginya.", "en": "This provider has it already."},
    "merged-with-itself": {
        "id": "Pilih usaha lain untuk digabungkan.",
        "en": "Choose another enterprise to merge it with.",
    },
    "institution-suspended": {"id": "Lembaga ini ditangguhkan.", "en": "This institution is suspended."},
    "person-registered": {
        "id": "Orang dengan nama ini sudah terdaftar di usaha ini. Untuk orang lain yang senama, kirim namesake: true.",
        "en": "A person of this name is registered for this enterprise. For another of the same name send namesake: true.",
    },
    "person-erased": {"id": "Data orang ini telah dihapus.", "en": "This person's data were erased."},
    "legal-hold": {
        "id": "Data ini wajib disimpan menurut hukum sampai tanggal yang disebut.",
        "en": "The law requires that these data are kept until the day that is given.",
    },
    "date-in-future": {"id": "Tanggal ini belum tiba.", "en": "This day is still to come."},
    "date-in-past": {"id": "Tanggal ini sudah lewat.", "en": "This day is over."},
    "purpose-missing": {"id": "Sebutkan sedikitnya satu tujuan.", "en": "Name at least one purpose."},
    "nothing-to-correct": {"id": "Sebutkan apa yang harus diperbaiki.", "en": "Say what is to be corrected."},
    "not-an-access-request": {
        "id": "Hanya permintaan akses yang dijawab begini; yang lain selesai oleh tindakannya.",
        "en": "Only a request for access is answered like this; the others are done by their own action.",
    },
    "fewer-than-taken": {
        "id": "Kursi yang sudah terisi lebih banyak daripada itu.",
        "en": "More seats than that are taken already.",
    },
    "more-than-room": {
        "id": "Ruangan ini tidak memiliki kursi sebanyak itu.",
        "en": "The room does not have so many seats.",
    },
    "more-than-held": {
        "id": "Usaha ini tidak memiliki kursi sebanyak itu.",
        "en": "This enterprise does not hold so many seats.",
    },
    "seats-or-participants": {
        "id": "Sebutkan jumlah kursi atau para peserta, salah satu saja.",
        "en": "Give either the number of seats or the participants.",
    },
    "unknown-participant": {
        "id": "Peserta ini tidak dikenal di usaha tersebut.",
        "en": "This enterprise has no such participant.",
    },
    "participant-twice": {
        "id": "Peserta yang sama disebut dua kali.",
        "en": "The same participant is given twice.",
    },
    "participant-not-seated": {
        "id": "Peserta ini tidak mendapat kursi.",
        "en": "This participant has no seat.",
    },
    "not-a-training-day": {
        "id": "Tanggal ini bukan hari pelatihan.",
        "en": "The training does not take place on this day.",
    },
    "day-to-come": {"id": "Hari ini belum tiba.", "en": "This day is still to come."},
    "attendance-differs": {
        "id": "Jumlah yang hadir berbeda dengan daftar hadir harian.",
        "en": "The numbers present differ from the daily attendance lists.",
    },
    "link-used": {"id": "Tautan ini sudah dipakai.", "en": "This link has been used already."},
    "supervisor-missing": {
        "id": "Pelatihan yang diawasi memerlukan pelatih ahli sebagai pengawas.",
        "en": "A supervised training needs an expert as its supervisor.",
    },
    "supervisor-not-needed": {
        "id": "Pengawas hanya disebut untuk pelatihan yang diawasi.",
        "en": "A supervisor is given for a supervised training only.",
    },
    "supervises-own": {
        "id": "Pelatih utama tidak dapat mengawasi dirinya sendiri.",
        "en": "The lead trainer cannot be the supervisor too.",
    },
}


def refused(pointer: str, code: str) -> Invalid:
    return Invalid(pointer, code, WORDS[code])


def conflicting(code: str, *, pointer: str = "", members: Mapping[str, Any] | None = None) -> Conflict:
    """A rule that the present state breaks, not the request: 409 with the rule's code."""
    return Conflict(WORDS[code], errors=[Fault(code, WORDS[code], pointer=pointer)], members=members)
