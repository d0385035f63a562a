"""A store that lacks what the code needs refuses the start in words; migrating twice is harmless."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.kernel.service import Service, declared
from shared.process.collections import collections_of
from shared.storage import connection, migrations
from tests.support.engines import Engines, environment
from tests.support.toy import Effect, Partner, ToyService

MIGRATION = """
def apply(database):
    database["effects"].update_one({"_id": "seed"}, {"$inc": {"times": 1}}, upsert=True)
"""


@pytest.fixture(scope="module")
def own_store() -> Iterator[str]:
    """A store that no other worker uses: collections come and go here."""
    engines = Engines()
    engines.start(broker=False)
    yield engines.store_url
    engines.stop()


@pytest.fixture
def service(own_store, tmp_path, monkeypatch) -> Iterator[Service]:
    """A toy with a database of its own, which may be broken, and a folder for migrations."""

    class Migrating(ToyService):
        @property
        def folder(self) -> Path:
            return tmp_path

    package = tmp_path / "migrations"
    package.mkdir()
    (package / "0001_seed.py").write_text(MIGRATION)
    really, ours = importlib.import_module, "services.toy.migrations."
    monkeypatch.setattr(
        importlib,
        "import_module",
        lambda name, *of: Module(package, name) if name.startswith(ours) else really(name, *of),
    )
    with environment(SCORE_MONGO_URL=own_store, SCORE_DATABASE_PREFIX=f"broken_{tmp_path.name[-20:]}"):
        connection.connect("toy")
        yield Migrating(name="toy", title="x", port=0, metrics_port=0)
        connection.disconnect()


class Module:
    def __init__(self, package: Path, name: str) -> None:
        scope: dict = {}
        exec((package / f"{name.rpartition('.')[2]}.py").read_text(), scope)
        self.apply = scope["apply"]


def test_an_empty_store_is_named_in_words(service) -> None:
    with pytest.raises(migrations.NotMigrated) as refused:
        migrations.require(service, collections_of(service))
    words = str(refused.value)
    assert "collection outbox" in words
    assert "migration 0001_seed" in words
    assert "python -m services.toy migrate" in words


def test_migrating_twice_is_harmless(service) -> None:
    assert migrations.migrate(service, collections_of(service))[-1:] == ["0001_seed"]
    migrations.require(service, collections_of(service))
    before = {name: sorted(map(str, info)) for name, info in _indexes().items()}
    assert migrations.migrate(service, collections_of(service)) == []
    assert {name: sorted(map(str, info)) for name, info in _indexes().items()} == before
    assert connection.database()["effects"].find_one({"_id": "seed"})["times"] == 1


def _indexes() -> dict[str, list]:
    database = connection.database()
    return {name: list(database[name].list_indexes()) for name in database.list_collection_names()}


def test_each_missing_index_refuses_the_start(service) -> None:
    migrations.migrate(service, collections_of(service))
    database = connection.database()
    for name, models in collections_of(service).items():
        for model in models:
            database[name].drop_index(model.document["name"])
            assert migrations.problems(service, collections_of(service)) == [
                f"index {model.document['name']} of {name}"
            ]
            database[name].create_indexes([model])
    migrations.require(service, collections_of(service))


def test_an_index_that_is_no_longer_unique_is_missing(service) -> None:
    migrations.migrate(service, collections_of(service))
    rows = connection.database()["outbox"]
    rows.drop_index("key_1_sequence_1")
    rows.create_index([("key", 1), ("sequence", 1)])
    assert migrations.problems(service, collections_of(service)) == ["index key_1_sequence_1 of outbox"]


def test_a_missing_collection_refuses_the_start(service) -> None:
    migrations.migrate(service, collections_of(service))
    connection.database().drop_collection("cursors")
    assert migrations.problems(service, collections_of(service)) == ["collection cursors"]


def test_a_pending_migration_refuses_the_start(service, tmp_path) -> None:
    migrations.migrate(service, collections_of(service))
    (tmp_path / "migrations" / "0002_more.py").write_text(MIGRATION)
    assert migrations.problems(service, collections_of(service)) == ["migration 0002_more"]


@pytest.mark.parametrize("found", declared(), ids=lambda service: service.name)
def test_every_service_is_migrated_in_this_run(found, store) -> None:
    store(found)
    migrations.require(found, collections_of(found))
    assert migrations.migrate(found, collections_of(found)) == []


def test_documents_make_no_indexes_by_themselves() -> None:
    for document in (Partner, Effect):
        assert document._meta["auto_create_index"] is False


@pytest.mark.parametrize(("service_name", "collection"), [("enrollment", "module_versions"), ("reporting", "targets")])
def test_reference_rows_survive_the_clean_up(store, service_name, collection) -> None:
    rows = store(service_name)[collection]
    assert rows.count_documents({}) > 0
