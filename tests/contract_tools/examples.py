"""Each example of the document, read and written again by the client that openapi-python-client makes: what is lost.

A model that lacks an import, or a field that it cannot hold, shows here. Moments are compared as moments.
"""

from __future__ import annotations

import importlib
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import score_client
from score_client import Client, models

FOLDER = Path(score_client.__file__).parent
MODULES = {file.stem: ".".join(file.relative_to(FOLDER).with_suffix("").parts) for file in FOLDER.glob("api/*/*.py")}
JSON = "application/json"
client = Client(base_url="http://score.example.org", raise_on_unexpected_status=True)


def examples() -> Iterator[tuple[str, str, Any, Any]]:
    """What is sent and answered by each operation: its name, the schema's, the example and what the client makes of it."""
    document = json.loads(Path(os.environ["DOCUMENT"]).read_text(encoding="utf-8"))
    for item in document["paths"].values():
        for operation in (part for part in item.values() if "operationId" in part):
            name = operation["operationId"]
            sent = operation.get("requestBody", {}).get("content", {}).get(JSON, {})
            if "example" in sent:
                model = getattr(models, sent["schema"]["$ref"].rpartition("/")[2])
                yield name, "request", sent["example"], model.from_dict(sent["example"])
            module = importlib.import_module(f"score_client.{MODULES[name]}")
            for status, answer in operation["responses"].items():
                shown = answer.get("content", {}).get(JSON, {})
                if "example" in shown:
                    response = httpx.Response(int(status), json=shown["example"])
                    yield name, status, shown["example"], module._parse_response(client=client, response=response)


def settled(value: Any) -> Any:
    return json.loads(re.sub(r"(\d\d:\d\d:\d\d)(\.0+)?(Z|\+00:00)", r"\1Z", json.dumps(value)))


read = [(name, at, example, made) for name, at, example, made in examples()]
lost = [(name, at) for name, at, example, made in read if settled(made.to_dict()) != settled(example)]
print(json.dumps({"lost": lost, "read": len(read)}))
