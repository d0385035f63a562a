"""Who hears what, as the services say in their handlers; a test compares this table with them."""

from __future__ import annotations

EVENTS: dict[str, tuple[str, ...]] = {
    "certification.partners": ("score.enrollment",),
    "certification.suspensions": (
        "score.certification",
        "score.consulting",
        "score.enrollment",
        "score.finance",
        "score.notifications",
    ),
    "consulting.commitments": ("score.enrollment",),
    "consulting.entitlements": ("score.certification",),
    "consulting.required_visits": ("score.enrollment",),
    "consulting.scope": ("score.enrollment",),
    "consulting.suspensions": ("score.certification", "score.enrollment", "score.finance"),
    "enrollment.entitlements": ("score.certification",),
    "enrollment.journeys": ("score.consulting",),
    "enrollment.suspensions": (
        "score.certification",
        "score.consulting",
        "score.enrollment",
        "score.finance",
        "score.notifications",
    ),
    "finance.billing": ("score.enrollment",),
    "finance.suspensions": ("score.certification", "score.consulting", "score.enrollment", "score.notifications"),
    "notifications.consents": ("score.enrollment",),
    "notifications.letters": ("score.certification", "score.consulting", "score.enrollment", "score.finance"),
    "notifications.occasions": ("score.consulting", "score.enrollment"),
    "notifications.suspensions": ("score.certification", "score.enrollment", "score.finance"),
    "notifications.trainings": ("score.enrollment",),
    "reporting.results": ("score.certification", "score.enrollment", "score.finance"),
    "reporting.suspensions": ("score.certification", "score.enrollment"),
}
EVERY_KIND = ("person", "enterprise", "institution")
COPIES: dict[str, dict[str, tuple[str, ...]]] = {  # by compacted topic the kinds of which a copy is kept
    **{
        f"{service}.suspensions": {"score.reference.enrollment": ("module",)}
        for service in ("certification", "consulting", "enrollment", "finance", "notifications", "reporting")
    },
    "certification.names": {"score.contacts.enrollment": ("institution",)},
    "enrollment.names": {"score.contacts.certification": ("person",)},
    "finance.names": {"score.contacts.enrollment": ("enterprise", "institution")},
    "consulting.names": {
        "score.contacts.certification": ("person",),
        "score.contacts.enrollment": ("enterprise", "institution"),
    },
    "notifications.addresses": {
        "score.reference.enrollment": ("venue",),
        "score.contacts.certification": EVERY_KIND,
        "score.contacts.enrollment": EVERY_KIND,
        "score.contacts.finance": EVERY_KIND,
    },
}
OWNERS = ("certification", "consulting", "enrollment", "finance", "notifications", "reporting")
OWNERS_OF_PARTIES = ("certification", "enrollment", "finance")
COMPACTED: dict[str, tuple[str, str, str]] = {  # by topic whose it is, in which outbox, and where its copies are kept
    **{f"score.contacts.{owner}": (owner, "contact_outbox", "contacts") for owner in OWNERS_OF_PARTIES},
    "score.reference.enrollment": ("enrollment", "reference_outbox", "references"),
}
KINDS = {"id.score.reference.module_title.v1": "module", "id.score.reference.venue.v1": "venue"}


def event_groups(services: list[str]) -> dict[str, tuple[str, ...]]:
    return {group: topics for group, topics in EVENTS.items() if group.partition(".")[0] in services}


def heard_by() -> dict[str, tuple[str, ...]]:
    """Return every group with all topics that it reads."""
    return {group: (*EVENTS.get(group, ()), *COPIES.get(group, ())) for group in (EVENTS | COPIES)}


def copy_groups(services: list[str]) -> dict[str, dict[str, tuple[str, ...]]]:
    return {group: topics for group, topics in COPIES.items() if group.partition(".")[0] in services}
