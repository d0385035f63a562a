"""No string of any page is left untranslated."""

from __future__ import annotations

from pathlib import Path

import pytest

import shared.web.pages
from shared.runtime.service import ROOT, declared
from shared.web.pages.extraction import untranslated
from shared.web.pages.translations import Catalogues

PAGES = Path(shared.web.pages.__file__).parent

FOLDERS = [PAGES, *(service.folder for service in declared())]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_string_is_translated(folder):
    own = set(untranslated(folder, "id"))
    known = Catalogues()
    left = {text for text in own if folder == PAGES or known.gettext("id", text) == text}
    assert not left, f"run python -m shared.web.pages.extraction {folder.relative_to(ROOT)} and translate"
