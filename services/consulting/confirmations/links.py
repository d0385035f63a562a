"""Lets whoever holds the link of a letter act for the enterprise that the letter went to, and for nobody else."""

from __future__ import annotations

from typing import Final

from shared.access.signed_links import ISSUER, Link, read_link
from shared.kernel.principal import Principal

PURPOSE: Final = "visit"


def opened(signed: str, pointer: str) -> tuple[Link, Principal]:
    """Return what a link is about, and the enterprise as whom its bearer answers. Raises `Invalid` at the pointer."""
    link = read_link(signed, PURPOSE, pointer)
    return link, Principal(subject=str(link.used_id), role="enterprise", issuer=ISSUER, enterprise=link.subject_id)
