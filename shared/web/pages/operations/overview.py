"""Shows what waits, what is parked, how far each group has read, and one story's events. Changes nothing."""

from __future__ import annotations

from uuid import UUID

from flask import make_response, request
from flask.typing import ResponseReturnValue

from shared.access.suspensions import groups_of
from shared.domain.errors import Invalid
from shared.erasure.progress import open_erasures, owns_persons
from shared.i18n.language import gettext
from shared.kernel.errors import Fault
from shared.kernel.message import gettext_noop
from shared.kernel.settings.current import settings
from shared.web.api.operations import READERS, events_of_story
from shared.web.errors import Malformed
from shared.web.fields import Identifier
from shared.web.pages.declare import Pages
from shared.web.pages.forms.submitted_form import asked
from shared.web.pages.listing import ROWS_ON_A_PAGE
from shared.web.pages.operations.labels import REASON_NAMES
from shared.web.pages.operations.permissions import NAME, may_act
from shared.web.pages.rendering import render, site
from shared.web.schema import Schema

PAGES = Pages(NAME, stored=False)


class Story(Schema):
    correlation = Identifier(required=True)


@PAGES.get("/operations", permits=READERS, title=gettext_noop("Operations"))
def operations() -> ResponseReturnValue:
    from shared.messaging.operations import commands  # the broker's client would slow the start of every web process
    from shared.messaging.operations.redaction import line_of

    service = site().service
    declared = groups_of(service)
    groups = commands.group_names(declared)
    group_and_reason = _one_of("group", groups), _one_of("reason", list(REASON_NAMES))
    try:
        parked = commands.page_of_parked(*group_and_reason, request.args.get("cursor") or None, ROWS_ON_A_PAGE)
    except ValueError:
        raise Malformed(errors=[Fault("cursor", parameter="cursor")]) from None
    return render(
        "operations.html",
        backlogs=commands.backlogs(service),
        counts=parked.counts,
        parked=parked,
        lines=[line_of(service.name, row) for row in parked.rows],
        erasures=open_erasures(service.name) if owns_persons(service.name) else None,
        rebuilds=commands.rebuilds(declared),
        group_choices=[(group, group) for group in groups],
        reasons=[(reason, gettext(name)) for reason, (name, _) in REASON_NAMES.items()],
        reason_names=REASON_NAMES,
        may_act=may_act(),
    )


@PAGES.get("/operations/topics", permits=READERS, title=gettext_noop("Topics and positions"))
def operations_topics() -> ResponseReturnValue:
    """Draw the topics, a page of its own that the main one takes in when it is there: a broker that is away makes it slow."""
    from shared.messaging.kafka.cluster import Unreachable
    from shared.messaging.kafka.positions import look, topics_of
    from shared.messaging.kafka.probe import reach_broker

    service = site().service
    groups = groups_of(service)
    names = topics_of(service, groups)
    owners = {name.rpartition(".")[2] for name in names} | {service.name}
    try:
        positions = None if reach_broker(settings().kafka) else list(look(names, groups, owners))
    except (Unreachable, OSError):
        positions = None
    return render("operations_topics.html", topics=positions)


@PAGES.get("/operations/story", permits=READERS, title=gettext_noop("What followed from one request"))
def operations_story() -> ResponseReturnValue:
    sent = asked()
    correlation: UUID | None = None
    try:
        correlation = sent.load(Story)["correlation"] if sent.values else None
    except Invalid as problem:
        sent.refuse(problem)
    drawn = render(
        "operations_story.html", correlation=correlation, events=events_of_story(correlation) if correlation else []
    )
    return make_response(drawn, sent.problem.status if sent.problem else 200)


def _one_of(parameter: str, choices: list[str]) -> str | None:
    value = request.args.get(parameter, "")
    return value if value in choices else None
