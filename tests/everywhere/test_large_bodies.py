"""A body longer than its operation or form takes is refused whole, also where its length is told nowhere: never cut and taken."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from shared.kernel.service import Service, declared
from shared.kernel.settings.current import settings
from shared.web.api.route import Route
from shared.web.pages.declare import Page, Pages
from shared.web.pages.operations.pages import OPERATIONS
from shared.web.pages.sign_in.pages import SIGN_IN
from tests.support.declared_operations import PARAMETER, each, path_of, role_for
from tests.support.fingerprint import fingerprint
from tests.support.good_requests import prepared
from tests.support.tokens import Tokens
from tests.support.visitor import Visitor

Client = Callable[[str], FlaskClient]
CHUNKED = {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}


def chunked(data: bytes) -> dict[str, Any]:
    """As a server hands on what came in chunks: a stream that ends, and no length."""
    return {"input_stream": io.BytesIO(data), "environ_overrides": CHUNKED}


@each()
def test_an_operation_takes_no_part_of_a_longer_body(
    client: Client, tokens: Tokens, service: Service, route: Route
) -> None:
    caller, order = client(service.name), prepared(route.operation)
    good = order.data if order.data is not None else json.dumps(order.body or {}).encode()
    kind = order.media_type if order.data is not None else "application/json"
    most = route.largest_body or settings().max_body_bytes
    url, headers = path_of(route, **order.path), {**tokens.headers(role_for(route)), "If-Match": "*"}

    def sent(size: int) -> Any:
        data = good.ljust(size, b"\n")  # what stands within the bound would be taken
        return caller.open(url, method=route.method, content_type=kind, headers=headers, **chunked(data))

    before = fingerprint()
    for size in (most + 1, 3 * most):
        answer = sent(size)
        assert (answer.status_code, answer.json["type"]) == (413, "/problems/body-too-large")
    assert fingerprint() == before
    assert sent(most).status_code != 413


@pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"
)  # a file is left to the garbage collector
@pytest.mark.parametrize("service", declared(), ids=lambda service: service.name)
def test_a_form_takes_no_part_of_a_longer_body(site: Any, service: Service) -> None:
    app = site(service)
    visitor = Visitor(app, "programme")
    before = fingerprint()
    for form in (*Pages.joined(service.pages), *OPERATIONS, *SIGN_IN):
        if form.method != "POST" or not form.permits_role("programme"):
            continue
        most = form.largest_body or settings().max_body_bytes
        for kind, data in bodies(most + 1):
            answer = visitor.client.post(filled(form), content_type=kind, **chunked(data))
            assert answer.status_code == 413, f"{form.name}, {kind}"
    assert fingerprint() == before


def bodies(size: int) -> list[tuple[str, bytes]]:
    head = b'--x\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n'
    tail = b"\r\n--x--\r\n"
    return [
        ("application/x-www-form-urlencoded", b"a=".ljust(size, b"x")),
        ("multipart/form-data; boundary=x", (head + tail).ljust(size, b"\n")),
        ("multipart/form-data; boundary=x", head.ljust(size, b"y") + tail),
    ]


def filled(form: Page) -> str:
    return PARAMETER.sub(lambda found: "018f0000-0000-7000-8000-00000000dead" if found[1] == "uuid" else "x", form.path)
