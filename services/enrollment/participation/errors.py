"""Says what is refused about a commitment letter."""

from __future__ import annotations

from typing import Final

from shared.kernel.errors import Fault
from shared.kernel.message import Message

LETTER_MISSING: Final = Fault("letter-missing", Message("Upload the signed commitment letter first."))
UNKNOWN_LETTER: Final = Fault("unknown-letter", Message("There is no such letter. Upload it first."))
LETTER_FORM: Final = Fault("letter-form", Message("This file is not a PDF, JPEG or PNG. Choose one that is."))
