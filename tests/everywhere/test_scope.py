"""What one provider has does not exist for another; who sees figures only sees no row at all.

Every stored document of every service has rows of two providers in `tests/support/foreign_rows.py` (`ROWS`, or what samples
of the events that the service hears make), or is named there in `SHARED` (reference rows for everybody) or `INNER` (rows
that no caller ever sees); a new one that is not fails here.
"""

from __future__ import annotations

from typing import Any

import pytest

from services.certification.partners.model import Partner
from services.certification.qualifications.model import Qualification
from services.certification.trainers.model import Trainer
from services.consulting.enterprises.model import EnterpriseScope
from services.consulting.visits.model import Visit
from services.enrollment.enterprises.model import Enterprise
from services.enrollment.imports.model import Import
from services.enrollment.institutions.model import Institution
from services.enrollment.journeys.model import Journey
from services.enrollment.people.model import Participant
from services.enrollment.people.privacy_request import PrivacyRequest
from services.enrollment.trainings.model import Training
from services.finance.invoices.model import Invoice
from services.finance.prices.model import Price
from services.notifications.letters.model import Letter
from shared.access.permissions import ROLES
from shared.domain.errors import NotFound
from shared.kernel import ids
from shared.kernel.context import acting_as
from shared.kernel.principal import Principal
from shared.web.answer import JSON
from shared.web.api.route import Route
from tests.support import factories
from tests.support.declared_operations import SERVICES, UNKNOWN, of_service, path_of
from tests.support.factories import ALPHA, BETA, STAFF
from tests.support.fingerprint import fingerprint
from tests.support.fixture_types import Client, Enter
from tests.support.foreign_rows import INNER, PROVIDERS_SEE_NONE, SHARED, Made, rows_of
from tests.support.request_order import made_from_schema
from tests.support.tokens import BOUND, Tokens

REFERENCES = ("list_modules", "list_consent_texts", "list_targets", "list_figures")

BLIND = ("ministry", "partner", "donor", "sponsor")


@pytest.fixture
def made(enter: Enter, request: pytest.FixtureRequest) -> Made:
    name: str = request.getfixturevalue("name")
    enter(name)
    with acting_as(STAFF):
        return rows_of(SERVICES[name])


@pytest.mark.parametrize("name", SERVICES)
def test_every_document_has_its_place_here(made: Made, name: str) -> None:
    left = set(SERVICES[name].documents) - set(made) - SHARED - INNER
    assert left == set(), f"make rows of {name}, or say whose they are, in tests/support/foreign_rows.py"
    assert set(made) <= set(SERVICES[name].documents)


@pytest.mark.parametrize("name", SERVICES)
def test_a_row_of_another_provider_does_not_exist(made: Made, name: str) -> None:
    for kind, (of_alpha, of_beta) in made.items():
        with acting_as(factories.provider(BETA)):
            own = [] if kind in PROVIDERS_SEE_NONE else [of_beta.id]
            assert [row.id for row in kind.objects] == own, kind
            assert [row.id for row in kind.objects(__raw__={"_id": {"$exists": True}})] == own, kind
            assert kind.objects(id__in=[of_alpha.id]).first() is None, kind
            with pytest.raises(NotFound):
                kind.get(of_alpha.id)
        with acting_as(Principal(subject="x", role="finance", issuer="tests", institution=BETA)):
            assert of_alpha.id not in [row.id for row in kind.objects], kind


@pytest.mark.parametrize("name", SERVICES)
def test_who_sees_figures_only_sees_no_row(made: Made, name: str) -> None:
    bound = dict.fromkeys(("trainer", "enterprise", "sponsor"), ids.new())
    unbound = [
        Principal(subject="x", role=role, issuer="tests")
        for role in sorted(ROLES - {"programme", "auditor", "finance"})
    ]
    blind = [Principal(subject="x", role=role, issuer="tests", **bound) for role in BLIND]
    for kind in [*made, *(kind for kind in SERVICES[name].documents if kind in INNER)]:
        for principal in (*blind, *unbound):
            with acting_as(principal):
                assert list(kind.objects) == [], f"{principal.role} sees {kind.__name__}"


@pytest.mark.parametrize("name", SERVICES)
def test_over_http_a_foreign_object_is_an_unknown_one(made: Made, name: str, client: Client, tokens: Tokens) -> None:
    caller = client(name)
    before = fingerprint()
    for route in of_service(name, guarded=True):
        found = PATHS.get(route.rule.partition(">")[0])
        if found is None:
            continue
        parameter, kind = found
        for role in sorted(set(route.permits) & {*BOUND, "finance"}):
            headers = {**tokens.headers(role, **{BOUND.get(role, "institution"): BETA}), "If-Match": "*"}
            of_alpha, unknown = (
                caller.open(
                    path_of(route, **{parameter: row_id}), method=route.method, **sent_to(route), headers=headers
                )
                for row_id in (made[kind][0].id, UNKNOWN)
            )
            assert of_alpha.status_code == 404, f"{role} {route.operation}: {of_alpha.text}"
            assert told(of_alpha) == told(unknown)
    assert fingerprint() == before


@pytest.mark.parametrize("name", SERVICES)
def test_over_http_a_list_holds_own_rows_only(made: Made, name: str, client: Client, tokens: Tokens) -> None:
    caller = client(name)
    foreign = {str(rows[0].id) for rows in made.values()}
    own = {str(rows[1].id) for rows in made.values()}
    for route in of_service(name, guarded=True, reads=True):
        if route.listing is None or "provider" not in route.permits:
            continue
        headers = tokens.headers("provider", institution=BETA)
        found = caller.get(f"{route.rule}?limit=100", headers=headers).json["items"]
        assert not foreign & {row.get("id") for row in found}, route.operation
        known = route.operation in REFERENCES or own & {row["id"] for row in found}
        assert known, f"{route.operation} shows no row that tests/support/foreign_rows.py makes"
        for parameter in route.listing.filters:
            for of_alpha in (str(rows[0].to_mongo().get(parameter)) for rows in made.values() if parameter in rows[0]):
                if parameter.endswith("_id"):
                    found = caller.get(f"{route.rule}?{parameter}={of_alpha}", headers=headers).json["items"]
                    assert found == [], f"{route.operation}?{parameter}={of_alpha}"
        sheet = caller.get(f"{route.rule}?format=csv", headers=headers).text
        assert not any(row_id in sheet for row_id in foreign), route.operation


NAMED_IN_BODIES = [
    ("enrollment", "seat_enterprise", "enterprise_id", Enterprise),
    ("enrollment", "register_enterprise", "provider_id", Institution),
    ("enrollment", "schedule_training", "provider_id", Institution),
    ("enrollment", "register_participant", "enterprise_id", Enterprise),
    ("enrollment", "record_privacy_request", "participant_id", Participant),
    ("consulting", "schedule_visit", "enterprise_id", EnterpriseScope),
    ("certification", "register_trainer", "institution_id", Partner),
    ("finance", "set_price", "provider_id", None),
]


@pytest.mark.parametrize(("name", "named"), [(line[0], line[1:]) for line in NAMED_IN_BODIES])
def test_a_foreign_id_in_a_body_is_an_unknown_one(
    made: Made, name: str, named: tuple[str, str, type[Any] | None], client: Client, tokens: Tokens
) -> None:
    caller, (operation, field, kind) = client(name), named
    route = next(route for route in of_service(name) if route.operation == operation)
    of_alpha = ALPHA if kind is None else made[kind][0].id
    path = {"training_id": made[Training][1].id} if operation == "seat_enterprise" else {}
    headers = tokens.headers("provider", institution=BETA)
    before = fingerprint()
    answers = []
    for row_id in (of_alpha, UNKNOWN):
        body = made_from_schema(operation, **{field: str(row_id)})
        answer = caller.post(path_of(route, **path), json=body, headers=headers)
        assert answer.status_code == 422, answer.text
        assert [fault["pointer"] for fault in answer.json["errors"]] == [f"/{field}"]
        answers.append(told(answer))
    assert answers[0] == answers[1]
    assert fingerprint() == before


PATHS: dict[str, tuple[str, type[Any]]] = {
    "/v1/institutions/<uuid:institution_id": ("institution_id", Institution),
    "/v1/enterprises/<uuid:enterprise_id": ("enterprise_id", Enterprise),
    "/v1/trainings/<uuid:training_id": ("training_id", Training),
    "/v1/participants/<uuid:participant_id": ("participant_id", Participant),
    "/v1/privacy-requests/<uuid:request_id": ("request_id", PrivacyRequest),
    "/v1/imports/<uuid:import_id": ("import_id", Import),
    "/v1/journeys/<uuid:journey_id": ("journey_id", Journey),
    "/v1/visits/<uuid:visit_id": ("visit_id", Visit),
    "/v1/trainers/<uuid:trainer_id": ("trainer_id", Trainer),
    "/v1/qualifications/<uuid:qualification_id": ("qualification_id", Qualification),
    "/v1/invoices/<uuid:invoice_id": ("invoice_id", Invoice),
    "/v1/prices/<uuid:price_id": ("price_id", Price),
    "/v1/letters/<uuid:letter_id": ("letter_id", Letter),
}

OTHERS = {
    "/v1/operations/trace/<uuid:correlation_id",
    "/v1/targets/<string:code",
    "/v1/certificates/<path:number",
    "/v1/modules/<uuid:module_version_id",
}


def test_every_address_of_an_object_is_tried() -> None:
    rules = {route.rule.partition(">")[0] for name in SERVICES for route in of_service(name) if "<" in route.rule}
    assert rules == PATHS.keys() | OTHERS, "name what differs in `PATHS` (rows of a provider) or `OTHERS` of this file"


def body_of(route: Route) -> dict[str, Any] | None:
    return None if route.body is None else made_from_schema(route.operation)


def sent_to(route: Route) -> dict[str, Any]:
    """As the test client takes it; some bytes where the operation takes a file."""
    if route.consumes == (JSON,):
        return {"json": body_of(route)}
    return {"data": b"%PDF-", "content_type": route.consumes[0]}


def told(answer: Any) -> tuple[int, dict[str, Any]]:
    """What an answer says, without what names the request itself."""
    return answer.status_code, {k: v for k, v in answer.json.items() if k not in ("instance", "request_id")}
