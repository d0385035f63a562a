"""What consulting answers over HTTP."""

from services.consulting.routes.visits import visits

ROUTES = (visits,)
