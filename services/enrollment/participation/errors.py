"""Says what is refused about a commitment letter."""

from __future__ import annotations

from typing import Final

from shared.kernel.errors import Fault
from shared.kernel.message import Message

LETTER_MISSING: Final = Fault("letter-missing", Message("Upload the signed commitment letter first."))
UNKNOWN_LETTER: Final = Fault("unknown-letter", Message("There is no such letter."))
LETTER_FORM: Final = Fault("letter-form", Message("A letter is a PDF, a JPEG or a PNG."))
