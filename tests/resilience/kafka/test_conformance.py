"""What each broker does, cell by cell: the platform's defences are built on these answers."""

from __future__ import annotations

import pytest

from tests.resilience.kafka.ground import Ground
from tests.resilience.kafka.probes import Answer
from tests.resilience.kafka.table import ROWS

pytestmark = [pytest.mark.kafka, pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")]


@pytest.mark.parametrize("name", ROWS)
def test_a_broker_does_what_the_table_says(name: str, ground: Ground, note: dict[tuple[str, str], Answer]) -> None:
    row = ROWS[name]
    answer = row.probe(ground)
    note[name, ground.name] = answer
    assert answer.word == row.expected(ground.name), f"{row.words}: {answer}"
