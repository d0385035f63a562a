"""Compiles the layout of letters from MJML: `python -m services.notifications.content.layout`, `make layout`.

The compiled file is kept, so that nothing that runs the platform needs the compiler. A test says when it is out of date.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

SOURCE: Final = Path(__file__).parent / "templates" / "layout.mjml"
COMPILED: Final = Path(__file__).parent / "templates" / "letters" / "layout.html"


def compiled() -> str:
    import mjml

    return f"{mjml.mjml2html(SOURCE.read_text(encoding='utf-8'))}\n"


if __name__ == "__main__":
    COMPILED.write_text(compiled(), encoding="utf-8")
