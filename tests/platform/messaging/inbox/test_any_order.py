"""Whatever the broker does to the records of several keys: each has one effect, and each key's are in order."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.contracts.events.enrollment import InstitutionRegistered
from shared.messaging.errors import WaitFor
from tests.support.memory_group import KEYS, Away, Group, records
from tests.support.memory_inbox import MemoryInbox


@st.composite
def deliveries(draw: st.DrawFn) -> tuple[dict, list[list[tuple]]]:
    """Histories of some keys, and batches that hold all of it in any order, with repeats; the rest is delivered again."""
    lengths = draw(st.dictionaries(st.sampled_from(KEYS[:4]), st.integers(1, 5), min_size=1))
    wanted = [(key, n) for key, length in lengths.items() for n in range(1, length + 1)]
    repeats = draw(st.lists(st.sampled_from(wanted), max_size=10))
    order = draw(st.permutations([*wanted, *repeats]))
    cuts = sorted(draw(st.sets(st.integers(1, len(order)), max_size=5)))
    batches = [order[start:end] for start, end in zip([0, *cuts], [*cuts, len(order)], strict=True) if start < end]
    lost = draw(st.sets(st.integers(0, len(batches) - 1), max_size=2))
    kept = [batch for number, batch in enumerate(batches) if number not in lost]
    return lengths, [*kept, *(batches[number] for number in sorted(lost))]


class ShakyInbox(MemoryInbox):
    """A store that fails at the commit, before or after it took effect."""

    def __init__(self, failures: list[str]) -> None:
        super().__init__()
        self._failures = failures

    def transaction(self, work):
        failure = self._failures.pop() if self._failures else ""

        def until_commit():
            result = work()
            if failure == "nothing was committed":
                raise Away
            return result

        result = super().transaction(until_commit)
        if failure == "all was committed":
            raise Away
        return result


@settings(max_examples=200, deadline=None)
@given(deliveries(), st.data())
def test_every_interleaving_loss_and_repeat_gives_each_effect_once_and_in_order(drawn, data) -> None:
    lengths, batches = drawn
    outcomes = st.sampled_from(["", "", "nothing was committed", "all was committed"])
    group = Group(ShakyInbox(data.draw(st.lists(outcomes, max_size=6), label="at the commit")))
    needs = data.draw(st.sampled_from([None, *lengths]), label="everybody waits for the first event of")
    flaky = {place: data.draw(st.integers(0, 2)) for place in data.draw(st.sets(st.sampled_from(_places(lengths))))}
    away, restarts = data.draw(st.integers(0, 3), label="the store is away so often"), 2

    def before(_event, about) -> None:
        nonlocal away
        place = (about.key, about.sequence)
        if needs and about.key != needs and (needs, 1) not in group.effects:
            raise WaitFor(InstitutionRegistered, needs)
        if flaky.get(place, 0) > 0:
            flaky[place] -= 1
            raise ValueError("not this time")
        if away and about.sequence == 2:
            away -= 1
            raise Away

    group.before = before
    offset = 0
    for batch in batches:
        found = records(*batch, first=offset)
        offset += len(batch)
        delivered = False
        while not delivered:
            try:
                group.deliver(found)
                group.lot.retry_due()
                delivered = True
            except Away:
                # three processes that all end while the store is away cannot be told from three deaths
                if restarts and data.draw(st.booleans(), label="the process is started again"):
                    restarts -= 1
                    group.restart()
    while True:
        try:
            group.settle()
            break
        except Away:
            continue
    assert not group.parked()
    for key, length in lengths.items():
        assert [n for k, n in group.effects if k == key] == list(range(1, length + 1))


def _places(lengths: dict) -> list[tuple]:
    return [(key, n) for key, length in lengths.items() for n in range(1, length + 1)]
