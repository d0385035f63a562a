"""Topics of parties forget in time, also those that were made otherwise, and the doctor's look says which do not."""

from __future__ import annotations

from contextlib import closing

from deploy import migrate
from shared.contracts.catalogue import compacted_topics
from shared.contracts.parties import CONTACTS
from shared.messaging.kafka.topics import Topics
from tests.support.engines import environment
from tests.support.waiting import until

COMPACTED = compacted_topics(CONTACTS.owners)


def test_topics_that_would_not_forget_in_time_are_found_and_set_right(broker, capsys) -> None:
    with closing(Topics()) as topics:
        topics.create(events=[], compacted=COMPACTED)
    with environment(SCORE_CONTACTS_COMPACTION_MS="600000"), closing(Topics()) as topics:
        assert topics.differing(COMPACTED) == {
            name: {"segment.ms": "21600000", "max.compaction.lag.ms": "43200000"} for name in COMPACTED
        }
        assert migrate.check() == 1
        assert (
            "score.contacts.finance has segment.ms 21600000, max.compaction.lag.ms 43200000" in capsys.readouterr().out
        )
        assert topics.create(events=[], compacted=COMPACTED) == []
        until(lambda: topics.differing(COMPACTED) == {}, "every broker knows")
        assert migrate.check() == 0
