"""The people of an enterprise go with it."""

from __future__ import annotations

from uuid import UUID

from services.enrollment.people.model import Participant
from services.enrollment.people.privacy_request import PrivacyRequest
from services.enrollment.privacy import commands as privacy_commands
from services.enrollment.transfers import commands as transfers_commands
from shared.kernel.context import acting_as
from tests.support import factories
from tests.support.factories import ALPHA, BETA
from tests.support.registered_people import person


def test_the_people_of_an_enterprise_go_with_it(enterprise_id: UUID) -> None:
    someone = person(enterprise_id)
    request = privacy_commands.record_privacy_request(participant_id=someone.id, kind="access")
    factories.institution(BETA, name="Beta Contoh")
    transfers_commands.change_provider(enterprise_id, provider_id=BETA)
    with acting_as(factories.provider(BETA)):
        assert Participant.get(someone.id).provider_id == BETA
        assert PrivacyRequest.get(request.id).provider_id == BETA
    with acting_as(factories.provider(ALPHA)):
        assert Participant.find(someone.id) is None
