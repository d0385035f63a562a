"""What one provider has does not exist for another; who sees figures only sees no row at all.

Every stored document of every service is named in `ROWS` (of two providers), `SHARED` (reference rows for everybody) or
`INNER` (rows that no caller ever sees); a new one that is not fails here.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from services.certification.catalogue.model import KnownModule as CertificationModule
from services.certification.certificates.model import IssuedNumber
from services.certification.partners.commands import keep_partner
from services.certification.partners.model import Partner
from services.certification.qualifications.model import Qualification
from services.certification.trainers.model import Trainer
from services.consulting.catalogue.model import KnownModule as ConsultingModule
from services.consulting.enterprises.model import EnterpriseScope
from services.consulting.visits.model import Visit
from services.enrollment.catalogue.model import ModuleVersion
from services.enrollment.duplicates.sign_up_claim import SignUpClaim
from services.enrollment.enterprises.model import Enterprise
from services.enrollment.evaluations.model import Evaluation, UsedLink
from services.enrollment.imports.model import Import, ImportedRow, ImportFile
from services.enrollment.institutions.model import Institution
from services.enrollment.journeys.baseline import Baseline
from services.enrollment.journeys.model import Journey
from services.enrollment.participation.commitment_letter import CommitmentLetter
from services.enrollment.people.model import Participant
from services.enrollment.people.privacy_request import PrivacyRequest
from services.enrollment.trainers.authorisation import Authorisation
from services.enrollment.trainers.entitlement import Entitlement
from services.enrollment.trainings.model import Training
from services.finance.invoices.model import Invoice
from services.finance.invoices.series import Series
from services.finance.prices.commands import set_price
from services.finance.prices.model import Price
from services.notifications.letters.model import Letter
from services.notifications.links.model import SigningKey
from services.reporting.freshness.model import Standing
from services.reporting.projections.commands import count
from services.reporting.projections.enterprise_result import EnterpriseResult
from services.reporting.projections.money_result import CostResult, InvoiceResult
from services.reporting.projections.trainer_result import TrainerResult
from services.reporting.targets.model import Target
from shared.contracts import certification, enrollment, finance
from shared.contracts.event import Fact, key_of
from shared.contracts.samples import sample
from shared.contracts.values import Headcount
from shared.errors import NotFound
from shared.messaging.generations import FIRST
from shared.runtime import clock, ids
from shared.runtime.context import Principal, acting_as
from shared.web.answer import JSON
from shared.web.permissions import ROLES
from shared.web.routes import Route
from tests.integration.services import worlds
from tests.integration.services.conftest import Enter, fingerprint
from tests.integration.services.declared import SERVICES, UNKNOWN, of_service, path_of
from tests.integration.services.orders import made_from_schema
from tests.integration.services.tokens import BOUND, Tokens
from tests.integration.services.worlds import ALPHA, BETA, STAFF

SHARED = {ModuleVersion, ConsultingModule, CertificationModule, Target, Standing}
INNER = {
    Baseline,
    ImportFile,
    ImportedRow,
    CommitmentLetter,
    SignUpClaim,
    Authorisation,
    Entitlement,
    Evaluation,
    UsedLink,
    SigningKey,
    Series,
    IssuedNumber,
}
REFERENCES = ("list_modules", "list_consent_texts", "list_targets", "list_figures")
BLIND = ("ministry", "partner", "donor", "sponsor")
Made = dict[type[Any], tuple[Any, Any]]


ENROLLMENT = (Institution, Enterprise, Training, Journey, Participant, PrivacyRequest, Import)


def _enrollment() -> Made:
    made: dict[type[Any], list[Any]] = {kind: [] for kind in ENROLLMENT}
    for owner in (ALPHA, BETA):
        made[Institution].append(worlds.institution(owner))
        enterprise = worlds.enterprise(owner)
        training = worlds.delivered(owner, enterprise.id)
        made[Training].append(training)
        made[Enterprise].append(Enterprise.get(enterprise.id))
        made[Participant].append(worlds.person(enterprise.id))
        made[PrivacyRequest].append(worlds.asked(made[Participant][-1].id))
        made[Import].append(worlds.uploaded(owner))
        made[Journey].append(Journey.get(training.rosters[0].journey_id))
    return {kind: (rows[0], rows[1]) for kind, rows in made.items()}


def _consulting() -> Made:
    visits = [worlds.visit(owner, to="reported") for owner in (ALPHA, BETA)]
    scopes = [EnterpriseScope.get(visit.enterprise_id) for visit in visits]
    return {Visit: (visits[0], visits[1]), EnterpriseScope: (scopes[0], scopes[1])}


def _certification() -> Made:
    held = [worlds.qualification(owner) for owner in (ALPHA, BETA)]
    trainers = [Trainer.get(each.trainer_id) for each in held]
    for owner in (ALPHA, BETA):
        keep_partner(owner, kind="private_provider")
    return {
        Qualification: (held[0], held[1]),
        Trainer: (trainers[0], trainers[1]),
        Partner: (Partner.get(ALPHA), Partner.get(BETA)),
    }


def _finance() -> Made:
    prices = [
        set_price(module="M1", amount=1, valid_from=date(2020, 1, 1), provider_id=owner) for owner in (ALPHA, BETA)
    ]
    invoices = [worlds.invoice(owner, state="issued") for owner in (ALPHA, BETA)]
    return {Price: (prices[0], prices[1]), Invoice: (invoices[0], invoices[1])}


def _notifications() -> Made:
    return {Letter: (worlds.letter(ALPHA, hours_old=100), worlds.letter(BETA, hours_old=100))}


def _reporting() -> Made:
    made: dict[type[Any], list[Any]] = {
        kind: [] for kind in (EnterpriseResult, TrainerResult, InvoiceResult, CostResult)
    }
    for owner in (ALPHA, BETA):
        facts: list[tuple[type[Any], Fact]] = [
            (EnterpriseResult, enrollment.EnterpriseRegistered(
                enterprise_id=ids.new(), province="ID-JT", sector="metal", headcount=Headcount(women=1, men=1),
                provider_id=owner, delivery_mode="direct",
            )),
            (TrainerResult, certification.TrainerRegistered(
                trainer_id=ids.new(), sex="female", institution_id=owner, kind="provider"
            )),
            (InvoiceResult, _owned(finance.InvoiceIssued, owner, "invoice_id")),
            (CostResult, _owned(finance.CostRecorded, owner, "cost_id")),
        ]  # fmt: skip
        for kind, fact in facts:
            count(fact, sequence=1, recorded_at=clock.now(), generation=FIRST)
            made[kind].append(kind.get(key_of(fact)))
    return {kind: (rows[0], rows[1]) for kind, rows in made.items()}


def _owned(kind: type[Fact], owner: UUID, key: str) -> Fact:
    told = sample(kind)
    values = {name: getattr(told, name) for name in told.__dataclass_fields__}  # type: ignore[attr-defined]
    return kind(**{**values, "provider_id": owner, key: ids.new()})


ROWS: dict[str, Callable[[], Made]] = {
    "enrollment": _enrollment,
    "consulting": _consulting,
    "certification": _certification,
    "finance": _finance,
    "notifications": _notifications,
    "reporting": _reporting,
}
PROVIDERS_SEE_NONE = {TrainerResult, InvoiceResult, CostResult}  # their figures are the whole programme's


@pytest.fixture
def made(enter: Enter, request: pytest.FixtureRequest) -> Made:
    name: str = request.getfixturevalue("name")
    enter(name)
    with acting_as(STAFF):
        return ROWS[name]() if name in ROWS else {}


@pytest.mark.parametrize("name", SERVICES)
def test_every_document_has_its_place_here(made: Made, name: str) -> None:
    assert set(SERVICES[name].documents) == set(made) | (set(SERVICES[name].documents) & (SHARED | INNER))


@pytest.mark.parametrize("name", SERVICES)
def test_a_row_of_another_provider_does_not_exist(made: Made, name: str) -> None:
    for kind, (of_alpha, of_beta) in made.items():
        with acting_as(worlds.provider(BETA)):
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
        assert route.operation in REFERENCES or own & {row["id"] for row in found}, route.operation
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


Client = Callable[[str], FlaskClient]
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
    assert rules == PATHS.keys() | OTHERS


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
