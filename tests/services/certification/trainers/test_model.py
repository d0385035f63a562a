"""A trainer's name and addresses travel as a party only; the event carries what is counted."""

from __future__ import annotations

from uuid import UUID

import pytest
from marshmallow import ValidationError

from services.certification.qualifications.schemas import GrantHistoricCertificate
from services.certification.trainers.model import Trainer
from services.certification.trainers.schemas import RegisterTrainer
from shared.contracts.events import certification

INSTITUTION = UUID(int=2)


def trainer() -> Trainer:
    return Trainer(
        name="Wati",
        sex="female",
        institution_id=INSTITUTION,
        kind="provider",
        email="wati@example.org",
        provinces=["ID-JT", "ID-YO"],
        version=1,
    )


def test_the_event_names_nobody() -> None:
    one = trainer()
    one.register()
    event = certification.TrainerRegistered(
        trainer_id=one.id, sex="female", institution_id=INSTITUTION, kind="provider"
    )
    assert one._events == [event]


def test_the_party_is_a_person_of_the_institution() -> None:
    one = trainer()
    party = one.party()
    assert (party.party_id, party.version, party.kind, party.belongs_to) == (one.id, 1, "person", INSTITUTION)
    assert set(party.roles) == {"contact", "trainer"}
    assert (party.name, party.email, party.province, party.language) == ("Wati", "wati@example.org", "ID-JT", "id")


def test_a_single_name_is_enough() -> None:
    assert RegisterTrainer().load({"name": "Wati", "sex": "female", "kind": "freelance"})["provinces"] == []


@pytest.mark.parametrize("number", ["A//B", "/A", "A/", "A B", "../A", "A/../B", "", "Ä-1", "A" * 65])
def test_a_number_that_no_address_can_hold_is_refused(number: str) -> None:
    given = {"module": "M1", "valid_from": "2025-01-01", "document_reference": "seen"}
    with pytest.raises(ValidationError):
        GrantHistoricCertificate().load({**given, "number": number})
    assert GrantHistoricCertificate().load({**given, "number": "012/SCORE-M1/IV.2016"})["number"]
