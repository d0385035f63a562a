"""The operations page of a service: who may see it, what it shows, and what each of its forms does."""

from __future__ import annotations

import re
from uuid import UUID

from shared.kernel import ids
from shared.kernel.context import tracing
from shared.kernel.service import declared
from shared.kernel.settings.current import settings
from shared.kernel.trace import Trace, new_traceparent
from shared.messaging.projections import generations
from tests.support import toy
from tests.support.applications import app_for
from tests.support.engines import environment
from tests.support.operated_toy import GROUP, REACTION, history, pending, publish
from tests.support.visitor import Visitor
from tests.support.waiting import until
from tests.support.worker_loops import running


def test_what_waits_is_counted_with_its_age(staff):
    history(3)
    words = staff.read("/operations")
    assert "Rows not yet sent 3" in words
    assert re.search(r"The oldest waits \d+ seconds?", words)


def test_a_story_is_this_services_part_with_links_to_the_others(app, staff):
    correlation = ids.new()
    with tracing(Trace(correlation_id=correlation, traceparent=new_traceparent())):
        history(2)
    words = staff.read(f"/operations/story?correlation={correlation}")
    assert words.index("institution_registered") < words.index("institution_suspended")
    assert "Not sent yet." in words
    html = staff.client.get(f"/operations/story?correlation={correlation}").text
    assert f'href="http://127.0.0.1:8104/operations/story?correlation={correlation}"' in html
    publish()
    assert "Not sent yet." not in staff.read(f"/operations/story?correlation={correlation}")
    assert "recorded nothing" in staff.read(f"/operations/story?correlation={UUID(int=7)}")
    assert "Correlation id:" in staff.read("/operations/story?correlation=7", 422)
    staff.read("/operations/story?correlation=&lang=en", 422)


def test_topics_are_shown_with_each_groups_position_and_lag(staff, broker):
    key = history(3)
    with running(REACTION.group):
        until(lambda: len(toy.effects(GROUP)) == 3, "applied")
        until(lambda: _behind(staff)[GROUP] == "0", "its position is committed")
    toy.suspend(key)
    with running():
        until(lambda: not pending(), "sent")
    assert _behind(staff)[GROUP] == "1"
    assert _behind(staff)["toy.other"] == "4", "a group that never read has all of it before it"
    assert "score.contacts.enrollment" in staff.read("/operations/topics")


def _behind(staff):
    html = staff.client.get("/operations/topics").text
    rows = re.findall(r'role="rowheader">([^<]+)</th>.*?class="numeric">(\d+)<', html, re.DOTALL)
    return {group: behind for group, behind in reversed(rows) if group.startswith("toy.")}


def test_a_broker_that_is_away_is_told_and_the_rest_is_there(staff):
    with environment(SCORE_KAFKA="127.0.0.1:9"):
        assert "The broker does not answer" in staff.read("/operations/topics")
        assert "Waiting to be sent" in staff.read("/operations")


def test_topics_that_nobody_made_are_told(staff):
    with environment(SCORE_TOPIC_PREFIX=f"{settings().topic_prefix}nobody.made."):
        assert "The broker has no such topic" in staff.read("/operations/topics")


def test_a_projection_says_which_generation_is_read_and_how_far_the_next_one_is(embedded, store):
    reporting = next(service for service in declared() if service.name == "reporting")
    (projection,) = (group.group for group in reporting.groups if group.projection)
    store(reporting)
    staff = Visitor(app_for(reporting), "auditor")
    assert "Nothing is being rebuilt" in staff.read("/operations")
    generations.begin(projection)
    words = staff.read("/operations")
    assert "Generation 2 is being built" in words
    assert "Generation 1" in words
    assert "0 of 0 keys" in words
    assert f'value="{generations.name_of(projection, 2)}"' in staff.client.get("/operations").text
