"""What notifications answers over HTTP."""

from services.notifications.routes.letters import letters
from services.notifications.routes.links import links

ROUTES = (letters, links)
