"""Ids that tests know."""

from __future__ import annotations

from uuid import UUID

ROW = UUID("018f0000-0000-7000-8000-000000000001")
