"""What tests shorten is a setting of the product: what is proved of the short one holds for the one that runs.

The broker's client was the way around it: its options given in a test, or its defaults changed, prove nothing of a product
that leaves them as they are.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.kernel.service import ROOT
from tests.support.source_tree import calls_in

CLIENTS = ("KafkaConsumer", "KafkaProducer", "KafkaAdminClient")
# How long a test's own client waits for an answer, or for more to send: these decide when a test gives up, and nothing else.
ANSWERED = {"request_timeout_ms", "bootstrap_timeout_ms", "delivery_timeout_ms", "max_block_ms", "linger_ms"}
SECONDS = re.compile(r".*(_SECONDS|_MS|_EVERY_MS)|PATIENCE|RESTS?")


def files(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if path != Path(__file__):
                yield str(path.relative_to(ROOT)), ast.parse(path.read_text(encoding="utf-8"))


def chosen_by_settings() -> set[str]:
    """The client's options whose value the product takes from a setting."""
    options = set()
    for _, tree in files("shared/messaging/kafka"):
        for node in ast.walk(tree):
            pairs = [(one.arg, one.value) for one in node.keywords] if isinstance(node, ast.Call) else []
            if isinstance(node, ast.Dict):
                pairs = [(one.value, value) for one, value in zip(node.keys, node.values, strict=True)
                         if isinstance(one, ast.Constant)]  # fmt: skip
            options |= {
                str(name) for name, value in pairs if re.search(r"\b(config|settings\(\))\.", ast.unparse(value))
            }
    return options


def shortened(name: str, tree: ast.Module, allowed: set[str]) -> list[str]:
    found = [f"{name}:{one.lineno}: DEFAULT_CONFIG" for one in ast.walk(tree)
             if isinstance(one, ast.Attribute) and one.attr == "DEFAULT_CONFIG"]  # fmt: skip
    for client in CLIENTS:
        for call in calls_in(tree, client):
            found += [f"{name}:{call.lineno}: {one.arg}" for one in call.keywords
                      if (one.arg or "").endswith("_ms") and one.arg not in allowed]  # fmt: skip
    for call in calls_in(tree, "setattr"):
        patched = [one.value for one in call.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        found += [f"{name}:{call.lineno}: {one}" for one in patched if SECONDS.fullmatch(one.rpartition(".")[2])]
    return found


def test_no_test_shortens_what_the_product_cannot() -> None:
    allowed = chosen_by_settings() | ANSWERED
    assert {"metadata_max_age_ms", "session_timeout_ms"} <= allowed
    assert [one for name, tree in files("tests", "bench") for one in shortened(name, tree, allowed)] == []


@pytest.mark.parametrize(("code", "what"), [
    ("KafkaConsumer.DEFAULT_CONFIG['metadata_max_age_ms'] = 2", "DEFAULT_CONFIG"),
    ("kafka.KafkaConsumer('t', retry_backoff_ms=1)", "retry_backoff_ms"),
    ("patch.setattr(runner, 'LOOK_SECONDS', 0)", "LOOK_SECONDS"),
    ("patch.setattr('shared.x.RESTS', (0, 0))", "shared.x.RESTS"),
])  # fmt: skip
def test_what_is_shortened_is_found(code: str, what: str) -> None:
    assert shortened("a", ast.parse(code), ANSWERED) == [f"a:1: {what}"]
