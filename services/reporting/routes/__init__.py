"""What reporting answers over HTTP."""

from services.reporting.routes.results import results
from services.reporting.routes.targets import targets

ROUTES = (results, targets)
