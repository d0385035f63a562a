"""What reporting does by itself: it counts what the other services say."""

from __future__ import annotations

from collections.abc import Sequence

from services.reporting import commands
from services.reporting.freshness import GROUP
from services.reporting.projecting import DOCUMENTS, PROJECTED
from shared.contracts.envelope import Envelope
from shared.contracts.event import Fact
from shared.messaging.generations import writing
from shared.messaging.reactions import Reactions

results = Reactions(GROUP, projection=DOCUMENTS)

REACTIONS = (results,)


def count(fact: Fact, about: Envelope) -> None:
    commands.count(fact, sequence=about.sequence, recorded_at=about.time, generation=writing())


@results.ahead
def load_rows(coming: Sequence[Envelope]) -> None:
    commands.load_together([fact for about in coming if (fact := about.fact())], generation=writing())


for heard in PROJECTED:
    results.on(heard)(count)
