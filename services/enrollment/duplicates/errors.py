"""Says what is refused about sign-ups that are compared with what others registered."""

from __future__ import annotations

from typing import Final

from shared.access.errors import TooManyRequests
from shared.kernel.message import Message

COMPARED_ENOUGH: Final = Message(
    "What your institution entered today was compared with other providers' enterprises as often as a day allows. Go on"
    " tomorrow, or ask the programme staff."
)


class ComparedEnough(TooManyRequests):
    """The institution asked often enough today whether others have an enterprise; nothing more is compared, nor told."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(retry_after, COMPARED_ENOUGH)
