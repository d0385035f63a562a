"""Row scope below the handlers: no query without a principal, a foreign row is as unknown as none."""

from __future__ import annotations

import re

import pytest
from mongoengine import Q

from shared.domain.errors import NotFound
from shared.kernel import ids
from shared.kernel.context import NoPrincipal, acting_as, unscoped
from shared.kernel.principal import SYSTEM
from shared.storage.row_scope import _without_compiled_patterns
from tests.support import toy
from tests.support.toy import Effect, Partner

MINE, THEIRS = ids.new(), ids.new()


@pytest.fixture
def partners(store) -> dict[str, Partner]:
    store(toy.SERVICE)
    with acting_as(SYSTEM):
        return {name: toy.register(provider=owner) for name, owner in (("mine", MINE), ("theirs", THEIRS))}


def test_without_a_principal_no_query_can_be_built(partners) -> None:
    for ask in (
        lambda: Partner.objects,
        lambda: Partner.get(partners["mine"].id),
        lambda: Partner.objects(id=ids.new()),
    ):
        with pytest.raises(NoPrincipal):
            ask()


def test_a_foreign_row_is_not_found_exactly_like_an_unknown_one(partners, as_principal) -> None:
    with as_principal("provider", institution=MINE):
        assert Partner.get(partners["mine"].id).provider == MINE
        with pytest.raises(NotFound) as foreign:
            Partner.get(partners["theirs"].id)
        with pytest.raises(NotFound) as unknown:
            Partner.get(ids.new())
        assert (str(foreign.value), foreign.value.detail) == (str(unknown.value), unknown.value.detail)
        with pytest.raises(NotFound):
            toy.suspend(partners["theirs"].id)


def test_scope_holds_through_every_way_of_asking(partners, as_principal) -> None:
    theirs = partners["theirs"].id
    with as_principal("provider", institution=MINE):
        assert [p.id for p in Partner.objects] == [partners["mine"].id]
        assert Partner.objects.filter(id=theirs).first() is None
        assert Partner.objects(Q(id=theirs) | Q(provider=THEIRS)).first() is None
        assert Partner.objects(__raw__={"_id": theirs}).first() is None
        assert Partner.objects(__raw__={"provider": THEIRS}).count() == 0
        assert Partner.objects.order_by("-created_at").limit(9).only("note").count() == 1
        assert list(Partner.objects.as_pymongo().filter(provider=THEIRS)) == []
        assert Partner.objects(id=theirs).update(set__note="x") == 0
        assert Partner.objects(id=theirs).delete() == 0
        assert Partner.objects.distinct("provider") == [MINE]
        assert list(Partner.objects.aggregate([{"$project": {"_id": 1}}])) == [{"_id": partners["mine"].id}]
        assert theirs not in Partner.objects.in_bulk([theirs])


def test_a_role_without_scope_sees_nothing_and_programme_all(partners, as_principal) -> None:
    with as_principal("donor"):
        assert Partner.objects.count() == 0
    with as_principal("programme"):
        assert Partner.objects.count() == 2
        assert Effect.objects.count() == 0


def test_a_document_that_says_nothing_shows_nothing_but_to_the_system(partners, as_principal) -> None:
    with acting_as(SYSTEM):
        toy.transactional(lambda: Effect(key=MINE, sequence=1, what="x").save())()
        assert Effect.objects.count() == 1
    with as_principal("programme"):
        assert Effect.objects.count() == 0


def test_a_command_may_look_beyond_its_callers_rows_when_it_says_so(partners, as_principal) -> None:
    with as_principal("provider", institution=MINE) as caller:
        with unscoped("it is tried"):
            assert Partner.objects.count() == 2
            assert caller.role == "provider"
        assert Partner.objects.count() == 1


def test_compiled_patterns_are_rewritten_wherever_they_hide(partners) -> None:
    with acting_as(SYSTEM):
        for name, partner in partners.items():
            toy.annotate(partner.id, f"Note {name.upper()}")
        assert Partner.objects(note=re.compile("mine", re.IGNORECASE)).count() == 1
        assert Partner.objects(Q(note=re.compile("^Note T")) | Q(id=ids.new())).count() == 1
        assert Partner.objects(note__icontains="mine").count() == 1
    rewritten = _without_compiled_patterns({"$or": [{"a": re.compile("x", re.IGNORECASE | re.DOTALL)}, {"b": [1]}]})
    assert rewritten == {"$or": [{"a": {"$regex": "x", "$options": "is"}}, {"b": [1]}]}


def test_a_query_with_a_reason_needs_no_principal(partners) -> None:
    theirs = partners["theirs"].id
    with unscoped("the test plays somebody who is not signed in"):
        found = Partner.get(theirs)
    assert found.id == theirs
    with pytest.raises(NoPrincipal):
        Partner.get(theirs)
