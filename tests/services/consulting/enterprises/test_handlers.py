"""Another provider sees an enterprise at once; a correction moves its province."""

from __future__ import annotations

from msgspec.structs import replace

from services.consulting.enterprises.handlers import scope
from services.consulting.enterprises.model import EnterpriseScope
from services.consulting.visits import commands
from services.consulting.visits.model import Visit
from shared.contracts.events.enrollment import EnterpriseCorrected, EnterpriseRegistered
from shared.contracts.samples import sample
from shared.kernel.context import acting_as
from shared.kernel.principal import SYSTEM, Principal
from tests.support import factories
from tests.support.factories import ALPHA
from tests.support.records import Group, records_of


def test_a_change_of_provider_moves_access_at_once(staff: Principal) -> None:
    visit = factories.visit(ALPHA)
    commands.move_enterprise(visit.enterprise_id, provider_id=factories.BETA)
    with acting_as(factories.provider(ALPHA)):
        assert Visit.find(visit.id) is None
    with acting_as(factories.provider(factories.BETA)):
        assert Visit.get(visit.id).id == visit.id


def test_a_correction_of_an_enterprise_moves_its_province(staff: Principal) -> None:
    registered = sample(EnterpriseRegistered)
    corrected = replace(sample(EnterpriseCorrected), enterprise_id=registered.enterprise_id, province="ID-BA")
    Group(scope).take(records_of([registered, corrected]))
    with acting_as(SYSTEM):
        assert EnterpriseScope.get(registered.enterprise_id).province == "ID-BA"
