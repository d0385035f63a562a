"""Renders each kind of letter with what is invented for it: nobody on it lives anywhere."""

from __future__ import annotations

from email.utils import parseaddr
from typing import Final
from uuid import UUID

from services.notifications.content.kind import Audience
from services.notifications.content.rendering import Rendered, Sender, render
from services.notifications.content.told import Told
from services.notifications.letters.kinds import KINDS
from services.notifications.settings import notification_settings
from shared.access.signed_links import page_of
from shared.i18n.language import gettext as _
from shared.reference.zones import WIB

NAME: Final = "Sekar Wulandari"
PARTIES: Final = {
    "e1": ("CV Contoh Jaya", "+62 812 0000 0001"),
    "b1": ("Balai Pelatihan Contoh", "+62 21 000 0002"),
    "f1": ("Ratna Contoh", "+62 812 0000 0003"),
}


class Invented:
    """Finds invented names, places and titles."""

    def title(self, module: str) -> str:
        title = _("Invented title")
        return f"{module} {title}"

    def party(self, party_id: UUID) -> tuple[str, str]:
        return PARTIES.get(party_id.hex[-2:], ("", ""))

    def venue(self, training_id: UUID) -> tuple[str, str]:
        del training_id
        return "Aula Contoh", "Jalan Contoh 1, Makassar"


def sample_of(template: str, language: str, audience: Audience | None = None) -> Rendered:
    """Render a kind as somebody gets it who is written to as this audience, the first one of the kind unless said."""
    kind, chosen = KINDS[template], notification_settings()
    told = Told(
        kind.sample,
        to=audience or kind.sample.get("to", kind.audiences[0]),
        language=language,
        zone=WIB,
        link_days=round(chosen.link_days),
        link=lambda purpose, _object_id=None: page_of(purpose, "…"),
        lookup=Invented(),
    )
    return render(kind, told, NAME, Sender(parseaddr(chosen.sender)[0], chosen.reply_to))
