"""What the columns of spreadsheets are called, in Indonesian and English.

A column is a field of a schema, `headcount.women` for one of a nested object. A name without words is shown as it is; a
test names those that lists use.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from marshmallow import Schema, fields

from shared.web.fields import Rupiah


class Column(NamedTuple):
    """One column of a sheet: where its value stands in a row, and the field that says of which type it is."""

    key: str
    field: fields.Field[Any]

    def called(self, language: str) -> str:
        return label(self.key, language)


def columns_of(schema: Schema, *, loading: bool = False) -> Iterator[Column]:
    """The columns of what a schema gives out, or of what it takes in, in the schema's order.

    What is taken in has no columns for lists of objects, and of money one for its amount.
    """
    yield from _columns(schema, "", loading=loading)


def _columns(schema: Schema, prefix: str, *, loading: bool) -> Iterator[Column]:
    for name, field in (schema.load_fields if loading else schema.dump_fields).items():
        key = prefix + (field.data_key or name)
        if _is_list_of_objects(field):
            if not loading:  # a cell can show them, and nobody can type them
                yield Column(key, field)
        elif isinstance(field, fields.Nested) and not (loading and isinstance(field, Rupiah)):
            yield from _columns(field.schema, f"{key}.", loading=loading)
        else:
            yield Column(key, field)


def _is_list_of_objects(field: fields.Field[Any]) -> bool:
    if isinstance(field, fields.Nested):
        return bool(field.many)
    return isinstance(field, fields.List) and isinstance(field.inner, fields.Nested)


def label(key: str, language: str) -> str:
    """The words of a column; of a nested one those of each part: `Headcount: women`."""
    if key in WORDS:
        return WORDS[key][0 if language == "id" else 1]
    if "." not in key:
        return key.replace("_", " ").capitalize()
    outer, _, inner = key.partition(".")
    return f"{label(outer, language)}: {label(inner, language).lower()}"


WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "actions": ("Tindakan", "Actions"),
    "aliases": ("Nomor pendaftaran lama", "Former registrations"),
    "amount": ("Jumlah", "Amount"),
    "amount.amount": ("Jumlah", "Amount"),
    "amount.currency": ("Mata uang", "Currency"),
    "annual_sales": ("Penjualan setahun (rupiah)", "Annual sales (rupiah)"),
    "as_of": ("Per tanggal", "As of"),
    "cancellation_reason": ("Alasan pembatalan", "Reason of the cancellation"),
    "capacity": ("Kapasitas", "Capacity"),
    "capital": ("Modal usaha (rupiah)", "Capital (rupiah)"),
    "category": ("Kategori", "Category"),
    "cause_id": ("ID peristiwa", "Cause ID"),
    "certificate": ("Sertifikat", "Certificate"),
    "channel": ("Saluran", "Channel"),
    "classroom": ("Kelas", "Classroom"),
    "classroom_days": ("Hari kelas", "Classroom days"),
    "closed_at": ("Ditutup (UTC)", "Closed (UTC)"),
    "co_trainer_ids": ("ID pelatih pendamping", "Co-trainer IDs"),
    "code": ("Kode", "Code"),
    "commitment": ("Komitmen", "Commitment"),
    "comparator": ("Pembanding", "Comparator"),
    "completed_on": ("Selesai pada", "Completed on"),
    "confirm_distinct": ("Alasan bukan duplikat", "Why it is no duplicate"),
    "conflict_days": ("Hari tanpa sertifikat", "Days without a certificate"),
    "consent": ("Persetujuan", "Consent"),
    "contact": ("Narahubung", "Contact"),
    "correlation_id": ("ID alur", "Story ID"),
    "created_at": ("Dibuat (UTC)", "Created (UTC)"),
    "currency": ("Mata uang", "Currency"),
    "days": ("Hari", "Days"),
    "delivered_on": ("Dilaksanakan pada", "Delivered on"),
    "delivery_mode": ("Cara pelaksanaan", "Delivery mode"),
    "dimension": ("Dimensi", "Dimension"),
    "document_reference": ("Rujukan dokumen", "Document reference"),
    "dry_run": ("Uji coba", "Dry run"),
    "due": ("Jatuh tempo", "Due"),
    "due_at": ("Tenggat (UTC)", "Due (UTC)"),
    "due_on": ("Jatuh tempo", "Due on"),
    "effective_on": ("Berlaku sejak", "Effective on"),
    "email": ("Surel", "E-mail"),
    "en": ("Inggris", "English"),
    "ended_at": ("Selesai (UTC)", "Ended (UTC)"),
    "enrolled_on": ("Masuk program pada", "Enrolled on"),
    "enterprise_id": ("ID usaha", "Enterprise ID"),
    "enterprise_nib": ("NIB usaha", "NIB of the enterprise"),
    "enterprise_share_percent": ("Bagian usaha (%)", "Share of the enterprise (%)"),
    "error_count": ("Jumlah kesalahan", "Number of errors"),
    "failed": ("Gagal", "Failed"),
    "findings": ("Temuan", "Findings"),
    "given_by": ("Diberikan oleh", "Given by"),
    "given_on": ("Diberikan pada", "Given on"),
    "graduated_on": ("Lulus pada", "Graduated on"),
    "headcount": ("Jumlah orang", "Headcount"),
    "historic": ("Sertifikat lama", "Historic"),
    "history": ("Riwayat", "History"),
    "hold_reason": ("Alasan wajib simpan", "Reason of the hold"),
    "hold_until": ("Wajib simpan sampai", "Held until"),
    "id": ("ID", "ID"),
    "institution_id": ("ID lembaga", "Institution ID"),
    "issued_on": ("Terbit pada", "Issued on"),
    "kbli": ("Kode KBLI", "KBLI code"),
    "kbli_version": ("Versi KBLI", "KBLI version"),
    "kind": ("Jenis", "Kind"),
    "lag_seconds": ("Selisih (detik)", "Lag (seconds)"),
    "language": ("Bahasa", "Language"),
    "languages": ("Bahasa yang dipakai", "Languages"),
    "lapsed_on": ("Kedaluwarsa pada", "Lapsed on"),
    "lead_trainer_id": ("ID pelatih utama", "Lead trainer ID"),
    "legal_form": ("Bentuk badan", "Legal form"),
    "letter_id": ("ID surat", "Letter ID"),
    "made": ("Dibuat", "Made"),
    "men": ("Laki-laki", "Men"),
    "merge_reason": ("Alasan penggabungan", "Reason for the merger"),
    "merged_into": ("Digabung ke", "Merged into"),
    "minutes": ("Menit", "Minutes"),
    "missing": ("Yang belum ada", "Missing"),
    "module": ("Modul", "Module"),
    "module_version": ("Versi modul", "Module version"),
    "name": ("Nama", "Name"),
    "names": ("Nama", "Names"),
    "names.en": ("Nama (Inggris)", "Name (English)"),
    "names.id": ("Nama (Indonesia)", "Name (Indonesian)"),
    "namesake": ("Orang lain yang senama", "Another of the same name"),
    "needs_credit": ("Perlu nota kredit", "Needs a credit note"),
    "net": ("Neto", "Net"),
    "net.amount": ("Neto", "Net"),
    "net.currency": ("Mata uang neto", "Currency of the net"),
    "nib": ("NIB", "NIB"),
    "note": ("Catatan", "Note"),
    "note.en": ("Catatan (Inggris)", "Note (English)"),
    "note.id": ("Catatan (Indonesia)", "Note (Indonesian)"),
    "npwp": ("NPWP", "NPWP"),
    "number": ("Nomor", "Number"),
    "overdue": ("Lewat tenggat", "Overdue"),
    "override": ("Pengecualian", "Override"),
    "participant_id": ("ID peserta", "Participant ID"),
    "payer_id": ("ID pembayar", "Payer ID"),
    "payer_kind": ("Jenis pembayar", "Payer kind"),
    "phone": ("Telepon", "Phone"),
    "place": ("Kota atau kabupaten", "City or regency"),
    "plan": ("Rencana modul", "Plan of modules"),
    "planned_on": ("Direncanakan pada", "Planned on"),
    "position": ("Urutan", "Position"),
    "prerequisites": ("Prasyarat", "Prerequisites"),
    "presence": ("Kehadiran", "Presence"),
    "provider_id": ("ID penyelenggara", "Provider ID"),
    "province": ("Provinsi", "Province"),
    "provinces": ("Provinsi wilayah kerja", "Provinces of work"),
    "purpose": ("Tujuan", "Purpose"),
    "purposes": ("Tujuan persetujuan", "Purposes"),
    "reason": ("Alasan", "Reason"),
    "reasons": ("Alasan", "Reasons"),
    "received_at": ("Diterima (UTC)", "Received (UTC)"),
    "recipient_id": ("ID penerima", "Recipient ID"),
    "report": ("Laporan", "Report"),
    "reported_at": ("Dilaporkan (UTC)", "Reported (UTC)"),
    "required_visits": ("Kunjungan wajib", "Required visits"),
    "restricted": ("Pemrosesan dibatasi", "Processing restricted"),
    "result": ("Hasil", "Result"),
    "revision": ("Revisi", "Revision"),
    "role": ("Jabatan", "Role"),
    "rosters": ("Daftar peserta", "Rosters"),
    "round": ("Putaran", "Round"),
    "rows_read": ("Baris dibaca", "Rows read"),
    "screened_on": ("Diperiksa pada", "Screened on"),
    "screening": ("Pemeriksaan kelayakan", "Screening"),
    "seats_taken": ("Kursi terisi", "Seats taken"),
    "sector": ("Sektor", "Sector"),
    "sent_at": ("Dikirim (UTC)", "Sent (UTC)"),
    "sex": ("Jenis kelamin", "Sex"),
    "signed_on": ("Ditandatangani pada", "Signed on"),
    "size_basis": ("Dasar kelas ukuran", "Basis of the size class"),
    "size_class": ("Kelas ukuran", "Size class"),
    "size_source": ("Sumber kelas ukuran", "Source of the size class"),
    "stage": ("Tahap", "Stage"),
    "standing": ("Status", "Standing"),
    "state": ("Keadaan", "State"),
    "supervisor_id": ("ID penyelia", "Supervisor ID"),
    "target": ("Target", "Target"),
    "tax": ("Pajak", "Tax"),
    "tax.amount": ("Pajak", "Tax"),
    "tax.currency": ("Mata uang pajak", "Currency of the tax"),
    "template": ("Templat", "Template"),
    "text": ("Teks", "Text"),
    "text.en": ("Teks (Inggris)", "Text (English)"),
    "text.id": ("Teks (Indonesia)", "Text (Indonesian)"),
    "text_version": ("Versi teks", "Text version"),
    "total": ("Total", "Total"),
    "total.amount": ("Total", "Total"),
    "total.currency": ("Mata uang total", "Currency of the total"),
    "trainer_id": ("ID pelatih", "Trainer ID"),
    "training_id": ("ID pelatihan", "Training ID"),
    "tranche": ("Tahap", "Tranche"),
    "tries": ("Percobaan", "Tries"),
    "unchanged": ("Tidak berubah", "Unchanged"),
    "unit": ("Satuan", "Unit"),
    "updated_at": ("Diubah (UTC)", "Updated (UTC)"),
    "valid_from": ("Berlaku dari", "Valid from"),
    "valid_to": ("Berlaku sampai", "Valid to"),
    "value": ("Nilai", "Value"),
    "venue": ("Tempat", "Venue"),
    "version": ("Versi", "Version"),
    "visited_on": ("Dikunjungi pada", "Visited on"),
    "visits": ("Kunjungan", "Visits"),
    "waiting": ("Daftar tunggu", "Waiting list"),
    "withdrawal": ("Pengunduran diri", "Withdrawal"),
    "withdrawn_on": ("Mundur pada", "Withdrawn on"),
    "women": ("Perempuan", "Women"),
    "zone": ("Zona waktu", "Time zone"),
}
