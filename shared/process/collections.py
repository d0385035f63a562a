"""Collects every collection of a service's store: whoever stores rows declares them, here they come together."""

from __future__ import annotations

from typing import Final

from shared.access.access_log import COLLECTIONS as ACCESS_LOG
from shared.access.ended_tokens import COLLECTIONS as ENDED_TOKENS
from shared.access.mergers import COLLECTIONS as MERGERS
from shared.access.suspensions import COLLECTIONS as SUSPENSIONS
from shared.domain.not_known import COLLECTIONS as HEARD
from shared.domain.outbox_rows import COLLECTIONS as EVENT_OUTBOX
from shared.domain.trainers import COLLECTIONS as TRAINERS
from shared.erasure.copies import ErasedCopy
from shared.erasure.progress import Erasure
from shared.kernel.service import Service
from shared.messaging.copies import COLLECTIONS as COPIES
from shared.messaging.inbox.store import COLLECTIONS as INBOX
from shared.messaging.outbox.compacted import COLLECTIONS as COMPACTED_OUTBOXES
from shared.messaging.outbox.relay_state import COLLECTIONS as RELAYS
from shared.messaging.outbox.resend import COLLECTIONS as RESENDS
from shared.messaging.projections.generations import COLLECTIONS as GENERATIONS
from shared.storage.indexes import Collections
from shared.storage.lease import COLLECTIONS as LEASES
from shared.storage.migrations import LEDGER
from shared.web.idempotency import COLLECTIONS as IDEMPOTENCY

OF_ERASURE: Final[Collections] = {
    document._meta["collection"]: tuple(document.INDEXES)  # noqa: SLF001
    for document in (Erasure, ErasedCopy)
}
PLATFORM: Final[Collections] = {
    LEDGER: (),
    **EVENT_OUTBOX,
    **COMPACTED_OUTBOXES,
    **RELAYS,
    **INBOX,
    **HEARD,
    **GENERATIONS,
    **LEASES,
    **RESENDS,
    **COPIES,
    **SUSPENSIONS,
    **MERGERS,
    **ENDED_TOKENS,
    **TRAINERS,
    **IDEMPOTENCY,
    **ACCESS_LOG,
    **OF_ERASURE,
}


def collections_of(service: Service) -> Collections:
    """Return what the platform keeps in every store, and a service's own documents, with their indexes."""
    of_documents = {document._meta["collection"]: tuple(document.INDEXES) for document in service.documents}  # noqa: SLF001
    return {**PLATFORM, **of_documents}
