"""What notifications answers over HTTP."""

from services.notifications.routes.letters import letters

ROUTES = (letters,)
