"""Says what is refused about credit notes."""

from __future__ import annotations

from typing import Final

from shared.domain.errors import Forbidden
from shared.kernel.message import Message

RECORDED_PAYMENT: Final = Message("You recorded a payment of this invoice. Ask somebody else to credit it.")


class OwnPayment(Forbidden):
    """Whoever recorded a payment of an invoice cannot credit it."""

    type_name = "own-payment"
