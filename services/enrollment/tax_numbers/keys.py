"""The keys of individuals' tax numbers: those that seal them, and the one by which an equal number is recognised.

The first of `SCORE_NPWP_KEYS` seals, every one of them opens; so do they with imports and answers that wait.
`SCORE_NPWP_INDEX_KEY` stays as it is for as long as there are numbers: what they are found by follows from it. Production
is given both and does not start without them; on one machine the first process that needs them makes its own.
"""

from __future__ import annotations

import secrets
from functools import cache
from typing import Any, Final

from services.enrollment.settings import enrollment_settings
from services.enrollment.tax_numbers.model import TaxNumberKeys
from shared.domain.sealing import new_keys
from shared.kernel.keys import KEY_BYTES, of_this_machine

FILE: Final = "npwp.json"


@cache
def tax_number_keys() -> TaxNumberKeys:
    chosen = enrollment_settings()
    sealing, index = dict(key.split("=") for key in chosen.npwp_keys), chosen.npwp_index_key
    if not sealing:
        kept = of_this_machine(FILE, _made)
        sealing, index = kept["keys"], kept["index"]
    return TaxNumberKeys.of(sealing, index=bytes.fromhex(index))


def _made() -> dict[str, Any]:
    return {"keys": new_keys(), "index": secrets.token_hex(KEY_BYTES)}
