"""Every command is given on a page, or it is said why no person looks for it."""

from __future__ import annotations

from docs.command_pages import FORMS, WITHOUT, commands, is_open


def test_every_command_has_a_page_for_whoever_may_give_it_or_a_reason() -> None:
    for _, route, form, shown in commands():
        if form is None or shown is None:
            assert route.operation in WITHOUT, f"{route.operation} has no page and no reason (docs/command_pages.py)"
        else:
            assert route.operation not in WITHOUT, f"{route.operation} has a page: its reason is stale"
            for page in (form, shown):
                assert is_open(page, route), (
                    f"{route.operation}: {page.name} is closed to some who may give the command"
                )


def test_no_name_or_reason_is_stale() -> None:
    known = {route.operation for _, route, _, _ in commands()}
    assert FORMS.keys() | WITHOUT.keys() <= known
    assert all(len(reason) > 20 for reason in WITHOUT.values())
