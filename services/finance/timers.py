"""What finance does by the clock."""

from services.finance import commands
from services.finance.settings import finance_settings
from shared.runtime.timer import Timer

TIMERS = (Timer("number_invoices", finance_settings().numbering_seconds, commands.number_drafts),)
