"""All faults of a command are told in one answer: those of several rules, and those of rules beside what its schema refuses.

Which fields a rule judges is found by asking: a good request with one value that every schema takes and no command.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

from flask.testing import FlaskClient
from marshmallow import fields

from shared.kernel.service import Service
from shared.web.api.route import Route
from shared.web.fields import Code, Identifier, IsoDate, LocalTime, Moment, Whole
from tests.support.declared_operations import UNKNOWN, each, path_of, role_for
from tests.support.engines import clean
from tests.support.factories import ALPHA
from tests.support.fixture_types import Client
from tests.support.good_requests import prepared
from tests.support.scope_trials import headers_of
from tests.support.tokens import Tokens

WRONG: tuple[tuple[type[fields.Field[Any]], tuple[Any, ...]], ...] = (
    (Identifier, (UNKNOWN,)),
    (IsoDate, ("2099-01-01", "2001-01-01")),
    (Moment, ("2099-01-01T08:00:00Z",)),
    (LocalTime, ("00:01",)),
    (Code, ("ZZ",)),
    (Whole, (1, 30)),
)
OTHERS = frozenset({"lead_trainer_id", "co_trainer_ids", "supervisor_id", "trainer_id"})
# A rule that rests on a value cannot be asked where that value is refused: whom a plan may name is its provider's.
RESTS_ON: Mapping[str, frozenset[str]] = {"provider_id": OTHERS, "enterprise_id": OTHERS}
# What is judged by the thing that is changed, or by several others, is asked when the body can be taken.
BY_THE_COMMAND: Mapping[str, frozenset[str]] = {
    "commit_enterprise": frozenset({"letter_id"}),  # of this enterprise
    "schedule_training": frozenset({"lead_trainer_id", "co_trainer_ids"}),  # of the provider, on these days
    "reschedule_training": OTHERS | {"days", "end_time"},  # beside what it has already
    "record_attendance": frozenset({"day", "participant_ids"}),  # of this training
    "start_assessment": OTHERS,
    "assign_assessment": OTHERS,
    "schedule_visit": OTHERS,
    "start_plan": OTHERS,
    "assign_plan": OTHERS,
    "form_team": frozenset({"formed_on"}),  # beside whether both sides are in it
    "approve_plan": frozenset({"approved_on"}),  # of this plan
    "reschedule_visit": OTHERS,
    "release_letters": frozenset({"letter_ids"}),  # each in its state
}


class Asking:
    """A good request of an operation, asked with some of its values changed."""

    def __init__(self, caller: FlaskClient, tokens: Tokens, service: Service, route: Route) -> None:
        self.caller, self.service, self.route = caller, service, route
        self.headers = headers_of(tokens, role_for(route), {"institution": ALPHA})
        self.order = prepared(route.operation)

    def refused(self, **changes: Any) -> set[str]:
        """The fields that the answer names; what was taken is made good again."""
        url = path_of(self.route, **self.order.path)
        body = {**(self.order.body or {}), **changes}
        answer = self.caller.open(url, method=self.route.method, json=body, headers=self.headers)
        if answer.status_code < 400:
            clean(self.service.name)
            self.order = prepared(self.route.operation)
        if answer.status_code != 422:
            return set()
        return {fault["pointer"].split("/")[1] for fault in answer.json["errors"] if fault.get("pointer")}

    def broken(self) -> Iterator[tuple[str, Any]]:
        """Each field with a value that a rule refuses."""
        assert self.route.body is not None
        for name, field in self.route.body().fields.items():
            for value in values_for(field):
                if name in self.refused(**{name: value}):
                    yield name, value
                    break


def values_for(field: fields.Field[Any]) -> list[Any]:
    if isinstance(field, fields.List):
        return [again for value in values_for(field.inner) for again in ([value], [value, value])]
    return next((list(values) for kind, values in WRONG if isinstance(field, kind)), [])


@each(body=True)
def test_every_fault_is_told_at_once(client: Client, tokens: Tokens, service: Service, route: Route) -> None:
    asking = Asking(client(service.name), tokens, service, route)
    broken = dict(asking.broken())
    silent = []
    for first, second in combinations(broken, 2):
        one_rests_on_the_other = second in RESTS_ON.get(first, ()) or first in RESTS_ON.get(second, ())
        told = asking.refused(**{name: broken[name] for name in (first, second)})
        if not one_rests_on_the_other and not {first, second} <= told:
            silent.append((first, second, told))
    for name in broken.keys() - BY_THE_COMMAND.get(route.operation, frozenset()):
        told = asking.refused(**{name: broken[name]}, colour="red")  # which no schema knows
        if not {name, "colour"} <= told:
            silent.append((name, "a field that is not known", told))
    assert silent == []
