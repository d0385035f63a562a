"""No code that runs in production executes what it is given, writes markup by hand or uses a broken primitive.

Docs/asvs.md rests on these: what is not written cannot be attacked. `TAKEN` names what is used all the same, with the reason.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.kernel.service import ROOT

CODE = [file for top in ("shared", "services") for file in sorted((ROOT / top).rglob("*.py"))]
TEMPLATES = [file for top in ("shared", "services") for file in sorted((ROOT / top).rglob("*.html"))]
SCRIPTS = [file for file in sorted((ROOT / "shared").rglob("*.js")) if "vendor" not in file.parts]

CALLS = {
    "eval", "exec", "compile", "__import__", "os.system", "os.popen", "os.execv", "subprocess.run", "subprocess.Popen",
    "subprocess.call", "subprocess.check_call", "subprocess.check_output", "ssl._create_unverified_context", "hashlib.md5",
    "hashlib.sha1", "uuid.uuid5", "uuid5", "random.random", "random.uniform", "random.choice", "random.randint",
    "Markup", "markupsafe.Markup", "render_template_string", "yaml.load", "tempfile.mktemp",
}  # fmt: skip
MODULES = {
    "pickle", "marshal", "shelve", "dill", "yaml", "ctypes", "telnetlib", "ftplib", "ldap3", "xml.etree.ElementTree", "xml.sax",
    "xml.dom.minidom", "lxml", "requests", "httpx", "urllib3", "Crypto",
}  # fmt: skip
TAKEN = {
    ("services/notifications/copies/commands.py", "requests"): "asks the embedded mailbox, at the address of a setting",
    ("shared/contracts/__main__.py", "subprocess.run"): "asks git for tags, on a developer's machine",
    ("shared/tabular/preview.py", "subprocess.run"): "reads an upload apart, with words of the program's own",
    ("shared/process/cli.py", "os.execv"): "becomes gunicorn, with words of the program's own",
    ("shared/web/pages/work/gathering.py", "requests"): "asks the other services, at addresses that an operator gave",
    ("shared/web/pages/links/qr_code.py", "Markup"): "a code of squares, drawn by the library",
    ("shared/kernel/ids.py", "uuid5"): "makes ids of natural keys, no secrets",
    ("shared/kernel/backoff.py", "random.uniform"): "spreads load",
    ("shared/messaging/inbox/deferred.py", "random.uniform"): "spreads load",
    ("shared/messaging/operations/redaction.py", "re.compile of no literal"): "the pattern of the contracts' codes",
    ("shared/messaging/bookmarks.py", "re.compile of no literal"): "the form of an event id",
    ("shared/messaging/kafka/positions.py", "re.fullmatch of no literal"): "a group's name, escaped",
}
PATTERNS = {f"re.{name}" for name in ("compile", "match", "fullmatch", "search", "sub", "split", "findall", "finditer")}


def named(node: ast.expr) -> str:
    return ast.unparse(node) if isinstance(node, ast.Name | ast.Attribute) else ""


def dangers(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if named(node.func) in CALLS:
                yield named(node.func)
            if named(node.func) in PATTERNS and not isinstance(node.args[0], ast.Constant):
                yield f"{named(node.func)} of no literal"
            for keyword in node.keywords:
                value = keyword.value.value if isinstance(keyword.value, ast.Constant) else None
                if (keyword.arg, value) in {("shell", True), ("verify", False), ("check_hostname", False)}:
                    yield f"{keyword.arg}={value}"
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names if name.name in MODULES)
        elif isinstance(node, ast.ImportFrom) and node.module in MODULES:
            yield node.module
        elif isinstance(node, ast.Attribute) and node.attr in {"ECB", "PKCS1v15", "CERT_NONE"}:
            yield node.attr


def name_of(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def test_nothing_is_executed_loaded_or_digested_in_a_dangerous_way() -> None:
    found = {(name_of(file), what) for file in CODE for what in dangers(ast.parse(file.read_text(encoding="utf-8")))}
    assert found == TAKEN.keys()


@pytest.mark.parametrize(
    "code",
    ["eval(x)", "import pickle", "from yaml import load", "run(x, shell=True)", "hashlib.md5(b'')", "get(u, verify=False)",
     "modes.ECB()", "os.system(x)", "Markup(name)", "re.search(f'{typed}', x)"],
)  # fmt: skip
def test_a_danger_is_found(code: str) -> None:
    assert list(dangers(ast.parse(code)))


MARKUP = re.compile(
    r"\|\s*safe\b|autoescape\s+false|\bon[a-z]+\s*=\s*[\"']|javascript:|<script(?![^>]*\ssrc=)", re.IGNORECASE
)


def test_templates_escape_what_they_show_and_hold_no_script() -> None:
    lines = [
        f"{name_of(file)}:{number}"
        for file in TEMPLATES
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if MARKUP.search(line)
    ]
    assert TEMPLATES
    assert lines == []


@pytest.mark.parametrize(
    "line", ["{{ name|safe }}", '<a onclick="x()">', '<a href="javascript:x()">', "<script>x()</script>"]
)
def test_a_script_in_a_template_is_found(line: str) -> None:
    assert MARKUP.search(line)


KEPT_IN_BROWSER = re.compile(
    r"localStorage|sessionStorage|indexedDB|document\.cookie|innerHTML|insertAdjacentHTML|eval\("
)


# scripts that keep something in the tab, and what for
KEEPS = {"shared/web/pages/static/score.js": "what was typed, until it is taken, for whoever typed it (decision 51)"}


def test_own_scripts_keep_nothing_in_the_browser_and_write_no_markup() -> None:
    assert SCRIPTS
    kept = {name_of(file): set(KEPT_IN_BROWSER.findall(file.read_text(encoding="utf-8"))) for file in SCRIPTS}
    assert {name: words for name, words in kept.items() if words} == {name: {"sessionStorage"} for name in KEEPS}
