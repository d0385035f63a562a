"""Numbers invoices by the clock."""

from services.finance.invoices import commands
from services.finance.settings import finance_settings
from shared.process.jobs import Timer

NUMBER_INVOICES = Timer("number_invoices", finance_settings().numbering_seconds, commands.number_drafts)
