"""What others show of modules and classrooms is told for those that were entered before it could be."""

from __future__ import annotations

from functools import partial
from typing import Any

from services.enrollment.catalogue.model import ModuleVersion
from services.enrollment.trainings.model import Training
from services.enrollment.trainings.queries import place_of
from shared.contracts.wire.compacted import Entry
from shared.kernel.context import acting_as
from shared.kernel.principal import SYSTEM
from shared.messaging.outbox.compacted import publish_reference
from shared.storage.transaction import in_new_transaction


def apply(database: Any) -> None:
    told = {row["_id"] for row in database["reference_outbox"].find({}, {"_id": 1})}
    with acting_as(SYSTEM):
        entries: list[Entry] = [version.title() for version in ModuleVersion.objects]
        entries += [place for training in Training.objects if (place := place_of(training))]
    for entry in entries:
        if entry.key not in told:
            in_new_transaction(partial(publish_reference, entry, new=True))
