"""What a letter said, over HTTP, for who decides about it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.notifications.copies.queries import shown_content
from services.notifications.copies.schemas import ContentView, written
from services.notifications.roles import DECIDERS
from shared.web.api.routes import Routes

copies = Routes("letter contents", description="What letters said that went out, kept for a time")


@copies.get("/v1/letters/<uuid:letter_id>/content", permits=DECIDERS, returns=ContentView, personal=True)
def show_letter_content(letter_id: UUID) -> dict[str, Any]:
    content = shown_content(letter_id)
    return {"headers": written(content.headers), "text": content.text, "html": content.html}
