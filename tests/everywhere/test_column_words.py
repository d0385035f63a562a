"""Every column of every list has a heading in words."""

from __future__ import annotations

from shared.i18n.column_labels import WORDS
from shared.kernel.service import declared
from shared.tabular.columns import columns_of


def test_every_column_of_every_list_has_words() -> None:
    used = {
        part
        for service in declared()
        for routes in service.routes
        for route in routes.declared
        if route.listing is not None
        for column in columns_of(route.listing.row)
        for part in ([column.key] if column.key in WORDS else column.key.split("."))
    }
    assert sorted(used - WORDS.keys()) == []
    assert all(indonesian and english for indonesian, english in WORDS.values())
