"""How each indicator is counted, in a sentence for readers; the rules themselves are in `metrics`."""

from __future__ import annotations

from collections.abc import Mapping

HEADLINES = ("T5", "T8", "T9", "T10")

COUNTED: Mapping[str, Mapping[str, str]] = {
    "T5": {
        "id": "Setiap usaha dihitung satu kali, sejak pelatihan kelas pertamanya di bawah pengawasan langsung program.",
        "en": "Each enterprise counts once, from its first classroom under the programme's direct supervision.",
    },
    "T7": {
        "id": "Setiap usaha dihitung satu kali, sejak pelatihan kelas pertamanya oleh mitra tanpa ILO.",
        "en": "Each enterprise counts once, from its first classroom given by a partner without the ILO.",
    },
    "T8": {
        "id": "Pelatih yang terdaftar pada Fase III, masing-masing satu kali.",
        "en": "Trainers registered in Phase III, each once.",
    },
    "T9": {
        "id": "Pelatih terdaftar dengan sedikitnya satu sertifikat yang berlaku hari ini: orang, bukan sertifikat.",
        "en": "Registered trainers with at least one certificate that is valid today: people, not certificates.",
    },
    "T10": {
        "id": "Pendapatan di luar dana ILO menurut faktur, dibagi biaya langsung pelatihan, tanpa sumbangan natura.",
        "en": "Income other than the ILO's, as invoiced, divided by the direct cost of delivery, nothing in kind.",
    },
    "completed": {
        "id": "Usaha dengan sedikitnya satu modul yang tuntas: kelas dan semua kunjungan yang disyaratkan.",
        "en": "Enterprises with at least one completed module: the classroom and every required visit.",
    },
    "graduated": {
        "id": "Usaha yang menuntaskan setiap modul dalam rencananya; yang dibatalkan tidak dihitung.",
        "en": "Enterprises that completed every module of their plan; a graduation that was taken back does not count.",
    },
}
COMPLETED_NAMES: Mapping[str, str] = {"id": "UKM yang menuntaskan modul", "en": "SMEs that completed a module"}
GRADUATED_NAMES: Mapping[str, str] = {"id": "UKM yang lulus", "en": "SMEs that graduated"}
NO_COST: Mapping[str, str] = {"id": "belum ada biaya yang dicatat", "en": "no cost recorded yet"}
