"""The register of trainers on its pages."""

from __future__ import annotations

from services.certification.partners.commands import keep_partner
from services.certification.service import SERVICE
from services.certification.trainers import commands
from services.certification.trainers.model import Trainer
from shared.kernel import ids
from shared.kernel.context import acting_as
from tests.support.factories import STAFF
from tests.support.visitor import Visitor

OWN, OTHER = ids.new(), ids.new()


def test_a_trainer_is_found_by_the_beginning_of_a_name_among_those_that_one_may_see(site):
    app = site(SERVICE)
    with acting_as(STAFF):
        for institution in (OWN, OTHER):
            keep_partner(institution, kind="private_provider")
        for name, institution in (("Dewi Lestari", OWN), ("Dewanto", OTHER), ("Budi", OWN)):
            commands.register_trainer(
                name=name, sex="female", kind="provider", institution_id=institution, provinces=["ID-JT"]
            )
    visitor = Visitor(app, "provider", institution=OWN)
    found = visitor.send("/trainers", status=200, name="dew")
    assert "Dewi Lestari" in found
    assert "Dewanto" not in found
    assert ">Budi<" not in found
    assert "Nobody was found" in visitor.send("/trainers", status=200, name="Sri")
    assert visitor.client.get("/trainers?name=dew").text.count("<tbody") == 1, "an address narrows by no name"


def test_the_page_of_a_trainer_names_provinces(site):
    visitor = Visitor(site(SERVICE), "provider", institution=OWN)
    visitor.send("/trainers/new", name="Wayan", sex="male", kind="provider", **{"provinces.0": "ID-BA"})
    with acting_as(STAFF):
        trainer_id = Trainer.objects.first().id
    words = visitor.read(f"/trainers/{trainer_id}")
    assert "Bali" in words
    assert "ID-BA" not in words
