"""What finance answers over HTTP."""

from services.finance.routes.invoices import invoices
from services.finance.routes.prices import prices

ROUTES = (prices, invoices)
