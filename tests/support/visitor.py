"""Somebody who reads pages and fills in their forms."""

from __future__ import annotations

import re
from datetime import timedelta

from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from shared.web.pages.sign_in.sample_people import SamplePerson, token_for


class Visitor:
    """Somebody with a role in front of a browser without JavaScript."""

    def __init__(self, app, role, language="en", **claims):
        self.client = app.test_client()
        person = SamplePerson(f"{role}-1", role.title(), role, {}, {name: str(value) for name, value in claims.items()})
        self.client.set_cookie("score_token", token_for(person, timedelta(hours=1)), domain="localhost")
        self.client.set_cookie("score_lang", language, domain="localhost")

    def work(self):
        """Read the first page after the sign-in: what waits for this somebody."""
        return self.read("/")

    def read(self, path, status=200):
        answer = self.client.get(path, headers={"Accept": "text/html"})
        assert answer.status_code == status, (path, answer.status_code)
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text.partition("<main")[2].partition("</main")[0]))

    def send(self, path, shown=None, status=303, **values):
        """Fill in the form that posts to `path` on the page `shown`; its hidden fields come along."""
        answer = self.client.post(path, **encoded({**self.hidden(shown or path, path), **values}))
        assert answer.status_code == status, (path, re.findall(r'class="complaint".*?</p>', answer.text, re.DOTALL))
        return answer.headers.get("Location") or answer.text

    def hidden(self, shown, path=""):
        """Return the hidden fields of the form that posts to `path` on the page `shown`."""
        html = self.client.get(shown).text
        form = next(part for part in html.split("<form")[1:] if f'action="{path or shown}"' in part).partition(
            "</form"
        )[0]
        return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))


def encoded(values):
    """A form as a browser sends it; the client's own way with a large file leaves one of its own open."""
    if not any(isinstance(value, FileStorage) for value in values.values()):
        return {"data": values}
    boundary, body = encode_multipart(values)
    return {"data": body, "content_type": f'multipart/form-data; boundary="{boundary}"'}
