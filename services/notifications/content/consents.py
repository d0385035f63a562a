"""What is told to a person of what may be done with their data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from services.notifications.content.kind import Content, Kind
from services.notifications.content.told import Told
from shared.i18n.language import gettext as _
from shared.kernel.message import gettext_noop

CONSENT_CHANGED: Final = "consent_changed"
PURPOSES: Final[Mapping[str, str]] = {
    "training": gettext_noop("Training and attendance lists"),
    "contact": gettext_noop("Contact about the training"),
    "follow_up": gettext_noop("Questions after the programme"),
    "publication": gettext_noop("Publication of name or picture"),
}
SAMPLE: Final[Mapping[str, Any]] = {
    "purposes": ["training", "contact"],
    "withdrawn": ["publication"],
    "enterprise_id": "0196f0a2-0000-7000-8000-0000000000e1",
}


def changed(told: Told) -> Content:
    return Content(
        _("What your data may be used for has changed"),
        (_("We have noted what you, or your enterprise for you, decided about your data. This holds from now on."),),
        (
            (_("You agree to"), _named(told, "purposes")),
            (_("No longer"), _named(told, "withdrawn")),
            (_("Enterprise"), told.name("enterprise_id")),
        ),
        notes=(_("If this is not what you want, reply to this letter: you may change it at any time."),),
    )


def _named(told: Told, key: str) -> str:
    return "\n".join(_(PURPOSES[purpose]) for purpose in told.about.get(key) or () if purpose in PURPOSES)


KINDS: Final[Mapping[str, Kind]] = {
    CONSENT_CHANGED: Kind(
        gettext_noop("Consent changed"), changed, SAMPLE,
        caused_by=("ConsentChanged",), to=("participant",), must_arrive=True, optional=True,
    ),
}  # fmt: skip
