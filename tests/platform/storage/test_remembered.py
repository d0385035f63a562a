"""What is remembered is read again when it is too old, or when this process has changed it, and not before."""

from __future__ import annotations

from itertools import count

from shared.storage.remembered import Remembered


def test_it_is_read_once_while_it_is_young_enough() -> None:
    numbers = count()
    remembered = Remembered(lambda: next(numbers), lambda: 3_600.0)
    assert [remembered(), remembered()] == [0, 0]
    remembered.forget()
    assert [remembered(), remembered()] == [1, 1]


def test_it_is_read_again_when_it_is_too_old() -> None:
    numbers = count()
    remembered = Remembered(lambda: next(numbers), lambda: -1.0)
    assert [remembered(), remembered()] == [0, 1]
