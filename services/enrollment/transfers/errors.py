"""Says what is refused about mergers and changes of provider."""

from __future__ import annotations

from typing import Final

from shared.kernel.errors import Fault
from shared.kernel.message import Message

SAME_PROVIDER: Final = Fault(
    "same-provider", Message("The enterprise is with this training provider already. Choose another one.")
)
MERGED_WITH_ITSELF: Final = Fault("merged-with-itself", Message("Choose another enterprise to merge it with."))
FURTHER_ALONG: Final = Fault(
    "further-along", Message("This enterprise has committed itself and the other has not. Merge the other way round.")
)
HAS_JOURNEYS: Final = Fault(
    "has-journeys",
    Message("This enterprise has begun modules. Merge the other way round, so that its journeys remain."),
)
