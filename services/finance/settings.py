"""The settings that the programme may choose about finance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from shared.kernel import clock
from shared.kernel.settings.declaration import POSITIVE, load, setting
from shared.reference.zones import WIB


@dataclass(frozen=True, slots=True)
class FinanceSettings:
    numbering_seconds: float = setting(
        "SCORE_NUMBERING_SECONDS", 0.5, "Pause between two rounds of numbering invoices", check=POSITIVE
    )
    numbering_batch: int = setting("SCORE_NUMBERING_BATCH", 50, "Invoices numbered in one transaction", check=POSITIVE)
    payment_days: int = setting("SCORE_PAYMENT_DAYS", 30, "Days from issue until an invoice is due", check=POSITIVE)
    overdue_days: tuple[int, ...] = setting(
        "SCORE_OVERDUE_DAYS", (7, 14, 30), "How many days after its due day who pays is reminded of an unpaid invoice"
    )
    overdue_seconds: float = setting(
        "SCORE_OVERDUE_SECONDS", 600.0, "How often overdue invoices are looked for", check=POSITIVE
    )
    payment_instructions: str = setting(
        "SCORE_PAYMENT_INSTRUCTIONS",
        "",
        "How invoices are paid, as it stands on the page that an invoice's letter leads to (bank and account; `|` between "
        "lines); empty: as agreed with the training provider",
    )
    books_zone: str = setting("SCORE_BOOKS_ZONE", WIB, "Zone of the dates in the books")


@cache
def finance_settings() -> FinanceSettings:
    return load(FinanceSettings)


def today() -> date:
    """Return the day that it is in the books."""
    return clock.today(finance_settings().books_zone)
