"""Enrollment for people: every page of it, in the order of its navigation. The same commands as the API."""

from __future__ import annotations

from services.enrollment import (
    delivery_pages,
    enterprise_merger_pages,
    enterprise_pages,
    enterprise_step_pages,
    evaluation_pages,
    import_pages,
    institution_pages,
    journey_pages,
    overview_pages,
    participant_pages,
    people_search_pages,
    training_pages,
)
from shared.web.pages import Pages

PAGES = Pages.joined(
    overview_pages.PAGES,
    enterprise_pages.PAGES,
    enterprise_step_pages.PAGES,
    enterprise_merger_pages.PAGES,
    training_pages.PAGES,
    delivery_pages.PAGES,
    journey_pages.PAGES,
    institution_pages.PAGES,
    people_search_pages.PAGES,
    participant_pages.PAGES,
    import_pages.PAGES,
    evaluation_pages.PAGES,
)
