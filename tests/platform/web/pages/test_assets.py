"""What the pages load is what was vendored, under addresses that change with the content."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from shared.kernel.service import ROOT
from shared.web.pages.assets import FOLDER, asset

VENDORED = [FOLDER / "vendor", ROOT / "tests" / "support" / "vendor"]


@pytest.mark.parametrize("folder", VENDORED, ids=str)
def test_vendored_files_are_unchanged(folder: Path):
    table = dict(
        re.findall(
            r"^\| `([^`]+)` .*`([0-9a-f]{64})` \|$", (folder / "README.md").read_text(encoding="utf-8"), re.MULTILINE
        )
    )
    files = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.iterdir()
        if path.suffix in (".js", ".json")
    }
    assert files
    assert table == files


def test_assets_are_kept_for_a_year(client):
    answer = client.get(asset("score.css"))
    assert answer.status_code == 200
    assert answer.mimetype == "text/css"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize(
    "path",
    [
        "0123456789abcdef/score.css",
        f"{asset('score.css').split('/')[3]}/../pages.py",
        "0123456789abcdef/vendor/README.md",
    ],
)
def test_nothing_else_is_served(client, path):
    assert client.get(f"/static/score/{path}").status_code == 404


def test_the_stylesheet_keeps_its_promises():
    css = (FOLDER / "score.css").read_text(encoding="utf-8")
    assert "prefers-color-scheme: dark" in css
    assert "@media print" in css
    assert "url(" not in css, "system fonts, no pictures"
    small = [size for size in re.findall(r"font-size:\s*([\d.]+)rem", css) if float(size) < 1]
    assert not small, "16 px and up"


def test_a_page_is_light(staff):
    page = len(staff.get("/enterprises").data)
    loaded = sum(
        (FOLDER / name).stat().st_size for name in ("score.css", "score.js", "vendor/htmx-4.0.1.min.js", "icon.svg")
    )
    assert page + loaded < 100_000
