"""An institution is suspended and takes part again, on its page."""

from __future__ import annotations


def test_an_institution_takes_part_again(office):
    place = f"/institutions/{office.provider}"
    office.programme.send(f"{place}/suspension", shown=place, reason="inactive")
    office.programme.send(f"{place}/restoration", shown=place)
    assert "Active" in office.programme.read(place)
