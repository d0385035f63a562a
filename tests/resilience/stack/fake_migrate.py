"""Makes the topic that the fake workers read, as the platform's migrate makes every topic."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

from kafka.admin import KafkaAdminClient, NewTopic
from kafka.errors import TopicAlreadyExistsError

if os.environ.get("FAKE_MIGRATE") == "fails":
    sys.exit("the invented reason")
what = sys.argv[1:] or ["everything"]
admin = KafkaAdminClient(bootstrap_servers=os.environ["SCORE_KAFKA"])
with suppress(TopicAlreadyExistsError):
    admin.create_topics([NewTopic("fake.topic", 2, 1)])
admin.close()
print("made", *what)
