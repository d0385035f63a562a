"""Versions of a module leave no gap."""

from __future__ import annotations

from datetime import date

import pytest

from shared.domain.errors import Invalid
from tests.support.module_versions import CATALOGUE, version


def test_a_version_leaves_no_gap_and_is_not_valid_before_the_last_one() -> None:
    for following, code in (
        (version("M1", 3), "version-gap"),
        (version("M1", 2, valid_from=date(2020, 1, 1)), "version-earlier"),
    ):
        with pytest.raises(Invalid) as refused:
            following.follow([CATALOGUE[0]])
        assert [fault.code for fault in refused.value.errors] == [code]
