"""Decides when two registrations are probably one enterprise.

Candidates are found by keys, which are stored with an enterprise and indexed; what shares a key is then compared. An
equal NIB or NPWP decides. An equal phone decides where the names resemble each other too, since one owner may have two
firms. Names are compared without legal form, old spelling and doubled letters; they must agree in every word, and in the
place where both give one. Different numbers of the same kind speak against it, and so do different kinds of body.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Final

from services.enrollment.duplicates.phonetics import REMEMBERED, bone_of, common_words, place_of, words_of
from shared.reference.provinces import undivided

SAME_NAME: Final = 0.88
SAME_JOINED: Final = 0.94
SAME_NAME_BY_PHONE: Final = 0.62
SAME_WORD: Final = 0.7  # below it two words are two words, not one with an error
TELLING: Final = 2  # words outside `COMMON` that a name must share to be the short form of a longer one
_SHORT: Final = 4
_TELLING_LENGTH: Final = 9
BODIES: Final = {"Koperasi": "cooperative", "Yayasan": "foundation"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """The description of an enterprise that signs up; numbers in their normal form."""

    name: str
    legal_form: str
    province: str
    place: str | None = None
    nib: str | None = None
    npwp: str | None = None
    phone: str | None = None


def keys_of(one: Described) -> list[str]:
    """Return the keys of which two descriptions of one enterprise share at least one, as far as that is cheap to tell."""
    region = undivided(one.province)
    words = words_of(one.name)
    bones = sorted({bone_of(word) for word in words})
    numbers = (("nib", one.nib), ("npwp", one.npwp), ("phone", one.phone))
    keys = {f"{kind}:{number}" for kind, number in numbers if number}
    keys.add(f"name:{region}:{bone_of(''.join(words))}")
    keys.update(f"pair:{region}:{a}+{b}" for at, a in enumerate(bones) for b in bones[at + 1 :])
    place = place_of(one.place)
    if place:
        keys.update(f"word:{region}:{place}:{bone_of(word)}" for word in words if word not in common_words())
    return sorted(keys)


def claims_of(one: Described) -> list[str]:
    """Return fewer keys than `keys_of`: descriptions that share one of its keys share one of these."""
    region = undivided(one.province)
    words = words_of(one.name)
    numbers = (("nib", one.nib), ("npwp", one.npwp), ("phone", one.phone))
    claims = {f"{kind}:{number}" for kind, number in numbers if number}
    claims.add(f"name:{region}:{bone_of(''.join(words))}")
    claims.update(f"word:{region}:{bone_of(word)}" for word in words)
    return sorted(claims)


def resemblance(one: Described, other: Described) -> tuple[str, ...]:
    """Return why the two are probably one: `nib`, `npwp`, `phone`, `name`; empty where they are not."""
    numbers = (("nib", one.nib, other.nib), ("npwp", one.npwp, other.npwp))
    equal = [kind for kind, ours, theirs in numbers if ours and ours == theirs]
    likeness = likeness_of(one.name, other.name)
    phone = bool(one.phone) and one.phone == other.phone
    if phone and likeness >= SAME_NAME:
        return (*equal, "phone", "name")
    if equal:
        return tuple(equal)
    if _contradicted(one, other):
        return ()
    if phone and likeness >= SAME_NAME_BY_PHONE:
        return ("phone",)
    return ("name",) if likeness >= SAME_NAME and _same_place(one, other) else ()


def likeness_of(one: str, other: str) -> float:
    """Return how alike two names are, from 0 to 1, over their words."""
    ours, theirs = words_of(one), words_of(other)
    if not ours or not theirs or _numbers(ours) != _numbers(theirs):
        return 0.0
    if _alike("".join(ours), "".join(theirs)) >= SAME_JOINED:
        return 1.0
    shorter, longer = sorted((ours, theirs), key=len)
    if len(shorter) < len(longer) and set(shorter) <= set(longer) and _is_distinctive(shorter):
        return 1.0
    shared = sum(_word_likenesses(shorter, longer))
    return 2 * shared / (len(shorter) + len(longer))


def _is_distinctive(words: Iterable[str]) -> bool:
    """Return whether a short form says enough: two words of its own, or one long one."""
    own = [word for word in words if word not in common_words()]
    return len(own) >= TELLING or any(len(word) >= _TELLING_LENGTH for word in own)


def _word_likenesses(shorter: tuple[str, ...], longer: tuple[str, ...]) -> Iterable[float]:
    """Yield how much each word of the shorter name is like the word nearest to it, each word taken once."""
    unpaired = list(longer)
    for word in shorter:
        nearest = max(unpaired, key=lambda other: _alike(word, other))
        alike = _alike(word, nearest)
        if alike >= SAME_WORD:
            unpaired.remove(nearest)
            # in a short word one letter makes another name
            yield alike if alike == 1 or len(word) > _SHORT else alike / 2
        else:
            yield 0.0


@lru_cache(REMEMBERED)
def _alike(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _numbers(words: Iterable[str]) -> list[str]:
    return sorted(word for word in words if word.isdigit())


def _contradicted(one: Described, other: Described) -> bool:
    if BODIES.get(one.legal_form, "firm") != BODIES.get(other.legal_form, "firm"):
        return True
    numbers = ((one.nib, other.nib), (one.npwp, other.npwp))
    return any(ours and theirs and ours != theirs for ours, theirs in numbers)


def _same_place(one: Described, other: Described) -> bool:
    if undivided(one.province) != undivided(other.province):
        return False
    ours, theirs = place_of(one.place), place_of(other.place)
    return not ours or not theirs or _alike(ours, theirs) >= SAME_NAME
