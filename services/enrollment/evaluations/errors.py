"""Says what is refused about answers to an evaluation."""

from __future__ import annotations

from typing import Final

from shared.access.signed_links import NOT_VALID
from shared.kernel.errors import Fault
from shared.kernel.message import Message

NOT_THERE: Final = Fault("link-not-valid", NOT_VALID)  # the same words: a link does not tell who was there
NOT_DELIVERED: Final = Message("The training has not been delivered yet. Answer after its attendance is entered.")
LINK_USED: Final = Fault("link-used", Message("This link was used already. Each one can be used once."))
