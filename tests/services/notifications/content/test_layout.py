"""The layout that letters are drawn with is the one that its source describes."""

from __future__ import annotations

from services.notifications.content.layout import COMPILED, compiled


def test_the_compiled_layout_is_up_to_date() -> None:
    assert COMPILED.read_text(encoding="utf-8") == compiled(), "run make layout"
