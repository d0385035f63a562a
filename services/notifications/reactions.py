"""What notifications does by itself when other services say something."""

from __future__ import annotations

from services.notifications import commands
from shared.contracts.contacts import Erased, Party
from shared.contracts.envelope import Envelope
from shared.contracts.finance import InvoiceIssued
from shared.messaging.reactions import Reactions

letters = Reactions("notifications.letters", start="now")
addresses = Reactions("notifications.addresses")

REACTIONS = (letters, addresses)


@letters.on(InvoiceIssued)
def write_to_payer(fact: InvoiceIssued, about: Envelope) -> None:
    commands.write_letter(
        template="invoice_issued",
        cause_id=about.id,
        cause_at=about.time,
        recipient_id=fact.payer_id,
        institution_id=fact.provider_id,
        about={
            "number": fact.number,
            "module": fact.module,
            "total": fact.total.amount,
            "tax": fact.tax.amount,
            "issued_on": fact.issued_on.isoformat(),
            "due_on": fact.due_on.isoformat(),
        },
    )


def address_waiting(party: Party | Erased) -> None:
    commands.address_waiting(party.party_id)


for owner in ("enrollment", "certification", "finance"):
    addresses.on_party(owner)(address_waiting)
