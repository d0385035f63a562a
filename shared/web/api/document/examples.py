"""Shows in a document one request and one answer of each operation, as a test has sent and received them.

They stand in `examples.json` of each service, and here for what every service answers; `make examples` writes them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import orjson

from shared.web.answer import JSON

FILE: Final = "examples.json"
SHARED: Final = Path(__file__).with_name(FILE)
METHODS: Final = ("get", "post", "put", "patch", "delete")


def show_examples(document: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Put the examples of a service's folder into its document."""
    known = _read(SHARED) | _read(folder / FILE)
    for path in document["paths"].values():
        for method in METHODS:
            operation = path.get(method, {})
            example = known.get(operation.get("operationId"), {})
            if "request" in example and JSON in (content := operation.get("requestBody", {}).get("content", {})):
                content[JSON]["example"] = example["request"]
            if "answer" in example:
                _success(operation)["example"] = example["answer"]
    return document


def _read(file: Path) -> dict[str, Any]:
    known: dict[str, Any] = orjson.loads(file.read_bytes()) if file.is_file() else {}
    return known


def _success(operation: dict[str, Any]) -> dict[str, Any]:
    """Return the JSON of the good answer."""
    content: dict[str, Any] = next(
        answer["content"][JSON]
        for status, answer in operation["responses"].items()
        if status.startswith("2") and JSON in answer.get("content", {})
    )
    return content
