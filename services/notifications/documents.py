"""What notifications stores."""

from services.notifications.letter import Letter
from services.notifications.signing_key import SigningKey

DOCUMENTS = (Letter, SigningKey)
