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
PARTIES: dict[str, tuple[str, ...]] = {
    "certification.names": ("score.contacts.enrollment",),
    "enrollment.names": ("score.contacts.certification",),
    "consulting.names": ("score.contacts.certification", "score.contacts.enrollment"),
    "notifications.addresses": (
        "score.contacts.certification",
        "score.contacts.enrollment",
        "score.contacts.finance",
    ),
}
OWNERS = ("certification", "consulting", "enrollment", "finance", "notifications", "reporting")
OWNERS_OF_PARTIES = ("certification", "enrollment", "finance")


def event_groups(services: list[str]) -> dict[str, tuple[str, ...]]:
    return {group: topics for group, topics in EVENTS.items() if group.partition(".")[0] in services}


def party_groups(services: list[str]) -> dict[str, tuple[str, ...]]:
    return {group: topics for group, topics in PARTIES.items() if group.partition(".")[0] in services}
