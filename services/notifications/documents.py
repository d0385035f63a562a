"""What notifications stores."""

from services.notifications.letter import Letter

DOCUMENTS = (Letter,)
