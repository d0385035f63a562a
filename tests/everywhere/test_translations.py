"""No string of any page is left untranslated."""

from __future__ import annotations

import pytest

from shared.i18n.catalogues import Catalogues
from shared.i18n.extraction import untranslated
from shared.kernel.service import ROOT, declared

SHARED = ROOT / "shared"

FOLDERS = [SHARED, *(service.folder for service in declared())]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_string_is_translated(folder):
    own = set(untranslated(folder, "id"))
    known = Catalogues()
    left = {text for text in own if folder == SHARED or known.gettext("id", text) == text}
    assert not left, f"run python -m shared.i18n.extraction {folder.relative_to(ROOT)} and translate"
