"""What lies in the store does not give away what it was made of: no digest of what was sent can be made again without a key.

A new digest without a key fails here, unless `ALLOWED` (files) or `NATURAL_KEYS` (ids made of a natural key) says what it is
of and why nobody learns anything from it.
"""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import bson
import orjson
import pytest
from flask.testing import FlaskClient

from shared.kernel.service import ROOT, Service
from shared.kernel.settings.current import settings
from shared.storage import connection
from shared.web.api.route import Route
from tests.support.declared_operations import each, path_of
from tests.support.good_requests import prepared
from tests.support.tokens import Tokens

Client = Callable[[str], FlaskClient]

MAKES_DIGESTS = {"hashlib", "hmac", "mmh3", "xxhash"}
MAKES_IDS = {"uuid3", "uuid5", "crc32", "adler32", "hashes"}
ALLOWED = {
    "shared.kernel.keys": "the digests by key that everything else uses",
    "shared.kernel.ids": "ids of natural keys: each kind stands in `NATURAL_KEYS`",
    "shared.access.cookies": "of the private key of one machine",
    "shared.access.ended_tokens": "keyed by the cookie secret, which all services share",
    "shared.access.signed_links": "three random ids; what is kept of it is keyed (evaluations)",
    "shared.contracts.envelope": "events hold no personal data, and lie in clear beside it",
    "shared.web.api.preconditions": "of a file, told to whoever is sent the file",
    "shared.messaging.cursors": "the id of an event and the digest of its envelope",
    "shared.messaging.seals": "only compares: its digests are by key",
    "shared.web.pages.assets": "files of ours",
    "shared.web.pages.forms.double_submit": "an attached file's, which goes into a digest by key",
    "shared.web.pages.installation": "only compares: the mark of a visitor, which is keyed by the cookie secret",
    "shared.web.pages.session.unsent_form": "keyed by the cookie secret",
    "shared.web.pages.session.visitor": "keyed by the cookie secret",
    "shared.web.pages.sign_in.sample_people": "the thumbprint of a public key",
    "services.enrollment.participation.commitment_letter": "a scan that lies in clear in the same row, and is its address",
    "services.enrollment.tax_numbers.model": "keyed by SCORE_NPWP_INDEX_KEY",
    "services.notifications.links.model": "the thumbprint of a public key",
    "deploy.kafka.jars": "files of ours",
    "deploy.platform.keys": "the thumbprint of a public key",
}
NATURAL_KEYS = {
    "assessment": "the id of an enterprise and codes",
    "certificate-number": "a number that is printed and looked up in public",
    "comparisons": "an id and a day",
    "erasure": "ids",
    "improvement-plan": "the id of an enterprise and a code",
    "imported": "names and numbers; kept only by key",
    "invoice": "ids, a code and a number",
    "journey": "an id and a code",
    "letter": "ids and a code; or an id and the digest of a scan that lies in clear in the same row",
    "module": "a code and a number",
    "notifications": "words",
    "occasion": "the random id of a training or visit, and a number",
    "price": "a code, an id and a day",
    "principal": "the pseudonym of a caller: who issues tokens gives subjects that are no names",
    "projection": "a number and an id",
    "qualification": "an id and a code",
    "reading": "the id of an assessment or a visit, and codes",
    "registered import": "an id",
    "reminder": "an id, and what is reminded of how many days before",
    "sample": "invented",
    "series": "an id and a year",
    "sign-up lane": "the number of one of a thousand lanes",
    "signing-key": "a word",
    "standing": "a word",
    "suppression": "an id, and what stands for an address by key",
    "target": "a code",
    "visit": "the id of an enterprise, a code and numbers",
}


def modules() -> Iterator[tuple[str, ast.Module]]:
    for top in ("shared", "services", "deploy"):
        for path in sorted((ROOT / top).rglob("*.py")):
            yield ".".join(path.relative_to(ROOT).with_suffix("").parts), parsed(path)


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def makes_digests(tree: ast.Module) -> bool:
    """Whether a file can make a digest or an id of what it is given, or imports the means within a function."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import) and {alias.name.partition(".")[0] for alias in node.names} & MAKES_DIGESTS:
            return True
        if isinstance(node, ast.ImportFrom):
            names = {alias.name for alias in node.names}
            if (node.module or "").partition(".")[0] in MAKES_DIGESTS or names & MAKES_IDS:
                return True
        if isinstance(node, ast.Attribute) and node.attr in MAKES_IDS:
            return True
    return False


def natural_keys(tree: ast.Module) -> Iterator[str]:
    """The first part of every id that is made of a natural key."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("ids.derived", "derived"):
            first = node.args[0]
            yield first.value if isinstance(first, ast.Constant) else ast.unparse(first)


def test_who_makes_digests_says_of_what() -> None:
    making = {name for name, tree in modules() if makes_digests(tree)}
    assert making == ALLOWED.keys(), "use shared.kernel.keys, or say in `ALLOWED` why nothing can be guessed from it"


def test_ids_of_natural_keys_say_what_they_are_made_of() -> None:
    made = {kind for _, tree in modules() for kind in natural_keys(tree)}
    assert made == NATURAL_KEYS.keys(), "say in `NATURAL_KEYS` what it is made of, or make it by key"


@pytest.mark.parametrize(
    "code",
    ["import hashlib", "def f():\n    from hashlib import md5", "from uuid import uuid5", "import uuid\nuuid.uuid3(a, b)",
     "from cryptography.hazmat.primitives import hashes"],
)  # fmt: skip
def test_a_digest_is_found_wherever_it_is_made(code: str) -> None:
    assert makes_digests(ast.parse(code))
    assert not makes_digests(ast.parse("from uuid import UUID\nfrom shared.kernel.keys import digest"))
    assert list(natural_keys(ast.parse('ids.derived("person", name)'))) == ["person"]


@each()
def test_nothing_in_the_store_is_a_digest_of_what_was_sent(
    client: Client, tokens: Tokens, service: Service, route: Route
) -> None:
    if route.method != "POST":
        return
    caller, order = client(service.name), prepared(route.operation)
    url = path_of(route, **order.path)
    before = stored()
    answer = caller.post(url, **order.sent, headers={**tokens.headers("programme"), "Idempotency-Key": "018f-key"})
    assert answer.status_code == route.status, answer.text
    assert settings().digest_key == "", "as on one machine, which makes a key"
    guessed = guesses(url, order.body if order.data is None else order.data)
    after, told = stored(), before + answer.data  # a letter's digest is its name
    assert [what for what, digest in guessed if digest in after and digest not in told] == []


def stored() -> bytes:
    """Everything in the store, except uploaded letters: they lie under the digest of what stands beside it."""
    database = connection.database()
    found = []
    for name in database.list_collection_names():
        if name != "commitment_letters":
            found += [bson.encode(row, codec_options=database.codec_options) for row in database[name].find({})]
    return b"\n".join(found)


def guesses(url: str, sent: Any) -> Iterator[tuple[str, bytes]]:
    """The digests that somebody would try who knows all that was sent: whole, as it is made canonical, and each value."""
    if isinstance(sent, bytes):
        whole = [sent]
    elif sent is None:
        whole = []
    else:
        whole = [orjson.dumps(sent), orjson.dumps(sent, option=orjson.OPT_SORT_KEYS), json.dumps(sent).encode()]
    requests = [
        b"\n".join([url.partition("?")[0].encode(), url.partition("?")[2].encode(), each]) for each in whole or [b""]
    ]
    values = [] if isinstance(sent, bytes) else [value.encode() for value in texts(sent)]
    for content in {*whole, *requests, *values}:
        for kind in ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3_256", "blake2b", "blake2s"):
            digest = hashlib.new(kind, content).digest()
            for length in (16, len(digest)):
                yield f"{kind} of {content[:60]!r}", digest[:length]
                yield f"{kind} of {content[:60]!r}, written out", digest[:length].hex().encode()


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)
    elif isinstance(value, str):
        yield value
