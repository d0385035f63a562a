"""What finance stores."""

from services.finance.invoice import Invoice
from services.finance.price import Price
from services.finance.series import Series

DOCUMENTS = (Price, Invoice, Series)
