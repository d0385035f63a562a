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
    "notifications.letters": ("score.enrollment", "score.finance"),
    "notifications.suspensions": ("score.certification", "score.enrollment", "score.finance"),
    "reporting.results": ("score.certification", "score.enrollment", "score.finance"),
    "reporting.suspensions": ("score.certification", "score.enrollment"),
}
EVERY_KIND = ("person", "enterprise", "institution")
PARTIES: dict[str, dict[str, tuple[str, ...]]] = {  # by topic the kinds of which a copy is kept
    "certification.names": {"score.contacts.enrollment": ("institution",)},
    "enrollment.names": {"score.contacts.certification": ("person",)},
    "consulting.names": {
        "score.contacts.certification": ("person",),
        "score.contacts.enrollment": ("enterprise", "institution"),
    },
    "notifications.addresses": {
        "score.contacts.certification": EVERY_KIND,
        "score.contacts.enrollment": EVERY_KIND,
        "score.contacts.finance": EVERY_KIND,
    },
}
OWNERS = ("certification", "consulting", "enrollment", "finance", "notifications", "reporting")
OWNERS_OF_PARTIES = ("certification", "enrollment", "finance")


def event_groups(services: list[str]) -> dict[str, tuple[str, ...]]:
    return {group: topics for group, topics in EVENTS.items() if group.partition(".")[0] in services}


def party_groups(services: list[str]) -> dict[str, dict[str, tuple[str, ...]]]:
    return {group: topics for group, topics in PARTIES.items() if group.partition(".")[0] in services}
