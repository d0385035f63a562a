"""The settings that the programme may choose about enrollment."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from marshmallow.validate import Range, Regexp

from shared.kernel.settings.declaration import GATE, NAMED_KEYS, POSITIVE, InProduction, Misconfigured, load, setting

FEWEST_ANSWERS = 5  # of fewer somebody in the room knows whose they are (domain.md 7.3)
LONGEST_LETTER = 15_000_000  # the store keeps 16 MB in a document


@dataclass(frozen=True, slots=True)
class EnrollmentSettings:
    baseline_gate: str = setting(
        "SCORE_GATE_BASELINE", "off", "Delivery of a first module needs a baseline assessment", check=GATE
    )
    entitlement_gate: str = setting(
        "SCORE_GATE_ENTITLEMENT", "on", "A lead trainer needs a certificate for the module on every day", check=GATE
    )
    duplicate_gate: str = setting(
        "SCORE_GATE_DUPLICATE", "on", "An enterprise that resembles a registered one needs a confirmation", check=GATE
    )
    compared_sign_ups: int = setting(
        "SCORE_COMPARED_SIGN_UPS",
        1_000,
        "Sign-ups and corrections of one institution a day (UTC) that are compared with other providers' enterprises",
        check=POSITIVE,
    )
    foreign_duplicates: int = setting(
        "SCORE_FOREIGN_DUPLICATES",
        20,
        "Of these refused for an enterprise of another provider; then none is taken until the next day",
        check=POSITIVE,
    )
    letter_gate: str = setting("SCORE_GATE_LETTER", "on", "A commitment needs its signed letter as a file", check=GATE)
    least_headcount: int = setting(
        "SCORE_LEAST_HEADCOUNT", 30, "Persons below which screening needs an override", check=POSITIVE
    )
    most_headcount: int = setting(
        "SCORE_MOST_HEADCOUNT", 250, "Persons above which screening needs an override", check=POSITIVE
    )
    kbli_version: str = setting("SCORE_KBLI_VERSION", "2020", "Edition of KBLI where a code comes without one")
    npwp_keys: tuple[str, ...] = setting(
        "SCORE_NPWP_KEYS",
        (),
        "Keys that seal NPWP, imports and answers that wait, `id=64 hex digits,...`; the first seals; without one it is made",
        check=NAMED_KEYS,
        secret=True,
        production=InProduction(
            bool, "a key that seals individuals' tax numbers, `id=64 hex digits`; lost, they are lost"
        ),
    )
    npwp_index_key: str = setting(
        "SCORE_NPWP_INDEX_KEY",
        "",
        "Key by which equal NPWP are recognised, 64 hex digits; given together with the others, and never changed",
        check=Regexp(r"^([0-9a-fA-F]{64})?$"),
        secret=True,
        production=InProduction(bool, "a key that recognises equal tax numbers, 64 hex digits; never to be changed"),
    )
    letter_bytes: int = setting(
        "SCORE_LETTER_BYTES", 5_000_000, "Largest letter of commitment taken", check=Range(min=1, max=LONGEST_LETTER)
    )
    letter_sweep_seconds: float = setting(
        "SCORE_LETTER_SWEEP_SECONDS", 3_600.0, "Pause between two sweeps of such letters", check=POSITIVE
    )
    loose_letter_hours: float = setting(
        "SCORE_LOOSE_LETTER_HOURS", 24.0, "Hours for which a letter is kept that nothing refers to", check=POSITIVE
    )
    loose_letters: int = setting(
        "SCORE_LOOSE_LETTERS",
        50,
        "Letters of one institution that nothing refers to yet, beyond which it waits for the sweep",
        check=POSITIVE,
    )
    commitment_gate: str = setting(
        "SCORE_GATE_COMMITMENT", "on", "Seats in a classroom need an enrolled enterprise", check=GATE
    )
    prerequisite_gate: str = setting(
        "SCORE_GATE_PREREQUISITE",
        "on",
        "Seats in a classroom need a delivered classroom of every module that comes before",
        check=GATE,
    )
    classroom_capacity: int = setting(
        "SCORE_CLASSROOM_CAPACITY", 20, "Seats of a classroom where none are given", check=POSITIVE
    )
    privacy_withdrawal_hours: float = setting(
        "SCORE_PRIVACY_WITHDRAWAL_HOURS",
        72.0,
        "Hours to act on a withdrawal of consent (UU 27/2022: 3x24)",
        check=POSITIVE,
    )
    privacy_restriction_hours: float = setting(
        "SCORE_PRIVACY_RESTRICTION_HOURS",
        72.0,
        "Hours to restrict processing (UU 27/2022, art. 41: 3x24)",
        check=POSITIVE,
    )
    privacy_correction_hours: float = setting(
        "SCORE_PRIVACY_CORRECTION_HOURS",
        72.0,
        "Hours to correct personal data (UU 27/2022, art. 30: 3x24)",
        check=POSITIVE,
    )
    privacy_access_hours: float = setting(
        "SCORE_PRIVACY_ACCESS_HOURS",
        72.0,
        "Hours to give a person their record (UU 27/2022, art. 32: 3x24)",
        check=POSITIVE,
    )
    privacy_erasure_hours: float = setting(
        "SCORE_PRIVACY_ERASURE_HOURS", 72.0, "Hours to erase a person, in every service (our choice)", check=POSITIVE
    )
    privacy_check_seconds: float = setting(
        "SCORE_PRIVACY_CHECK_SECONDS", 300.0, "Pause between two looks for overdue privacy requests", check=POSITIVE
    )
    import_bytes: int = setting("SCORE_IMPORT_BYTES", 5_000_000, "Largest spreadsheet taken for import", check=POSITIVE)
    import_unpacked_bytes: int = setting(
        "SCORE_IMPORT_UNPACKED_BYTES", 60_000_000, "Largest unpacked size of an XLSX file", check=POSITIVE
    )
    import_rows: int = setting("SCORE_IMPORT_ROWS", 10_000, "Most rows of one import", check=POSITIVE)
    import_slice: int = setting(
        "SCORE_IMPORT_SLICE", 100, "Most rows that share one transaction of an import", check=POSITIVE
    )
    import_slice_seconds: float = setting(
        "SCORE_IMPORT_SLICE_SECONDS", 3.0, "A slice that takes longer is followed by a smaller one", check=POSITIVE
    )
    import_read_seconds: float = setting(
        "SCORE_IMPORT_READ_SECONDS",
        20.0,
        "Seconds of work given to the reading of one file; a file that takes more is refused",
        check=POSITIVE,
    )
    import_preview_seconds: float = setting(
        "SCORE_IMPORT_PREVIEW_SECONDS", 2.0, "As above, before an upload is answered", check=POSITIVE
    )
    import_preview_memory_bytes: int = setting(
        "SCORE_IMPORT_PREVIEW_MEMORY_BYTES",
        536_870_912,
        "Memory of the process that reads an upload's first rows",
        check=POSITIVE,
    )
    import_previews: int = setting(
        "SCORE_IMPORT_PREVIEWS",
        3,
        "Uploads whose first rows are read at once in one web process, one of each institution; others are to come again",
        check=POSITIVE,
    )
    import_preview_rows: int = setting(
        "SCORE_IMPORT_PREVIEW_ROWS", 500, "Rows that are checked before an upload is answered", check=POSITIVE
    )
    import_errors: int = setting(
        "SCORE_IMPORT_ERRORS", 1_000, "Errors that an import keeps; all are counted", check=POSITIVE
    )
    import_kept_hours: float = setting(
        "SCORE_IMPORT_KEPT_HOURS",
        24.0,
        "Hours in which a checked file can be registered, and refused cells are shown",
        check=POSITIVE,
    )
    import_pause_seconds: float = setting(
        "SCORE_IMPORT_PAUSE_SECONDS", 1.0, "Pause between two turns of the import timer", check=POSITIVE
    )
    import_turn_seconds: float = setting(
        "SCORE_IMPORT_TURN_SECONDS",
        3.0,
        "How long one turn works on imports before other timers have theirs",
        check=POSITIVE,
    )
    import_open: int = setting(
        "SCORE_IMPORT_OPEN", 20, "Imports of one institution that wait or are worked off at once", check=POSITIVE
    )
    import_attempts: int = setting(
        "SCORE_IMPORT_ATTEMPTS", 5, "An import whose slice failed this often is given up", check=POSITIVE
    )
    entitlement_check_seconds: float = setting(
        "SCORE_ENTITLEMENT_CHECK_SECONDS",
        86_400.0,
        "How often the lead trainers of planned classrooms are looked at again",
        check=POSITIVE,
    )
    lapse_months: int = setting(
        "SCORE_MODULE_LAPSE_MONTHS", 6, "Months after its classroom in which a module is completed", check=POSITIVE
    )
    lapse_check_seconds: float = setting(
        "SCORE_LAPSE_CHECK_SECONDS", 86_400.0, "How often overdue modules are looked for", check=POSITIVE
    )
    evaluation_least: int = setting(
        "SCORE_EVALUATION_LEAST",
        5,
        "Answers to an evaluation that are published together, never fewer",
        check=Range(min=FEWEST_ANSWERS),
    )

    def hours_to_answer(self, kind: str) -> float:
        """Return how long a privacy request of a kind may stay open."""
        hours = {
            "withdrawal": self.privacy_withdrawal_hours,
            "restriction": self.privacy_restriction_hours,
            "correction": self.privacy_correction_hours,
            "access": self.privacy_access_hours,
            "erasure": self.privacy_erasure_hours,
        }
        return hours[kind]


@cache
def enrollment_settings() -> EnrollmentSettings:
    loaded = load(EnrollmentSettings)
    if bool(loaded.npwp_keys) != bool(loaded.npwp_index_key):
        raise Misconfigured("SCORE_NPWP_KEYS and SCORE_NPWP_INDEX_KEY are given together")
    return loaded
