"""One thing the doctor looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Finding:
    """What one look found: `note` is neither good nor bad; `advice` says what to do about what is wrong."""

    state: Literal["well", "note", "wrong"]
    subject: str
    words: str
    advice: str = ""

    def __str__(self) -> str:
        mark = {"well": "ok   ", "note": "note ", "wrong": "WRONG"}[self.state]
        line = f"{mark}  {self.subject}: {self.words}"
        return f"{line}\n       -> {self.advice}" if self.advice else line


def well(subject: str, words: str) -> Finding:
    return Finding("well", subject, words)


def note(subject: str, words: str, advice: str = "") -> Finding:
    return Finding("note", subject, words, advice)


def wrong(subject: str, words: str, advice: str) -> Finding:
    return Finding("wrong", subject, words, advice)
