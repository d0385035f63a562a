"""Says what is refused about invoices."""

from __future__ import annotations

from typing import Final

from shared.domain.errors import Conflict
from shared.kernel.errors import Fault
from shared.kernel.message import Message

NOTHING_PAID: Final = Fault("nothing-paid", Message("Enter what was paid, or the tax that was withheld."))
ABOVE_OUTSTANDING: Final = Fault(
    "above-outstanding",
    Message("This is more than what is still to be paid of this invoice, withheld tax included. Enter at most that."),
)
NOT_REVERSED: Final = Fault(
    "delivery-stands", Message("The delivery behind this invoice stands. Choose another reason, or leave the invoice.")
)
REVERSED: Final = Fault(
    "delivery-reversed", Message("The delivery behind this invoice was taken back. Choose that as the reason.")
)
PAYMENTS_STAND: Final = Message("Something was paid of this invoice. Take the payments back first, then credit it.")


class PaymentsStand(Conflict):
    """An invoice of which something was paid is not credited."""

    type_name = "payments-stand"
