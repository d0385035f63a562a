"""Numbers invoices by the clock, and says which are overdue."""

from services.finance.invoices import commands
from services.finance.settings import finance_settings
from shared.process.jobs import Timer

NUMBER_INVOICES = Timer("number_invoices", finance_settings().numbering_seconds, commands.number_drafts)
TELL_OVERDUE = Timer("tell_overdue", finance_settings().overdue_seconds, commands.tell_overdue)
