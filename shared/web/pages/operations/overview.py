"""What waits, what is parked, how far each group has read, and one story's facts. Nothing here changes anything."""

from __future__ import annotations

from uuid import UUID

from flask import make_response, request
from flask.typing import ResponseReturnValue
from marshmallow import Schema

from shared.errors import Fault, Invalid, Malformed
from shared.runtime.settings import settings
from shared.web.fields import Identifier
from shared.web.operations import READERS, facts_of_story
from shared.web.pages.forms import asked
from shared.web.pages.language import gettext, gettext_noop
from shared.web.pages.listing import ROWS_ON_A_PAGE
from shared.web.pages.operations.desk import OPERATIONS, may_act
from shared.web.pages.operations.words import REASON_NAMES
from shared.web.pages.rendering import page, site


class Story(Schema):
    correlation = Identifier(required=True)


@OPERATIONS.get("/operations", permits=READERS, title=gettext_noop("Operations"), nav=1)
def operations() -> ResponseReturnValue:
    from shared.messaging import operators  # the broker's client would slow the start of every web process
    from shared.messaging.disclosure import line_of

    service = site().service
    groups = operators.group_names(service)
    chosen = _one_of("group", groups), _one_of("reason", list(REASON_NAMES))
    try:
        parked = operators.page_of_parked(*chosen, request.args.get("cursor") or None, ROWS_ON_A_PAGE)
    except ValueError:
        raise Malformed(errors=[Fault("cursor", parameter="cursor")]) from None
    return page(
        "operations.html",
        backlogs=operators.backlogs(service),
        counts=parked.counts,
        parked=parked,
        lines=[line_of(service.name, row) for row in parked.rows],
        rebuilds=operators.rebuilds(service),
        group_choices=[(group, group) for group in groups],
        reasons=[(reason, gettext(name)) for reason, (name, _) in REASON_NAMES.items()],
        reason_names=REASON_NAMES,
        may_act=may_act(),
    )


@OPERATIONS.get("/operations/topics", permits=READERS, title=gettext_noop("Topics and positions"))
def operations_topics() -> ResponseReturnValue:
    """A page of its own, which the main one takes in when it is there: a broker that is away makes it slow."""
    from shared.messaging.cluster import Unreachable
    from shared.messaging.positions import look, topics_of
    from shared.messaging.reach import reach_broker

    service = site().service
    names = topics_of(service)
    owners = {name.rpartition(".")[2] for name in names} | {service.name}
    try:
        found = None if reach_broker(settings().kafka) else list(look(names, [service], owners))
    except (Unreachable, OSError):
        found = None
    return page("operations_topics.html", topics=found)


@OPERATIONS.get("/operations/story", permits=READERS, title=gettext_noop("What followed from one request"))
def operations_story() -> ResponseReturnValue:
    sent = asked()
    correlation: UUID | None = None
    try:
        correlation = sent.load(Story)["correlation"] if sent.values else None
    except Invalid as problem:
        sent.refuse(problem)
    drawn = page(
        "operations_story.html", correlation=correlation, facts=facts_of_story(correlation) if correlation else []
    )
    return make_response(drawn, sent.problem.status if sent.problem else 200)


def _one_of(parameter: str, choices: list[str]) -> str | None:
    wanted = request.args.get(parameter, "")
    return wanted if wanted in choices else None
