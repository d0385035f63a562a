"""Turns what a caller says of an enterprise into what is stored: numbers in one form, size class with its source."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal, NotRequired, TypeAlias, TypedDict, cast

from services.enrollment.enterprises.errors import KBLI_VERSION_ALONE, NAME_MISSING, NIB_FORM, NPWP_FORM, SIZE_DIFFERS
from services.enrollment.enterprises.parts import Contact, GivenContact, GivenPersons, Persons
from services.enrollment.errors import refused
from services.enrollment.identifiers import Unreadable, nib_of, npwp_of
from shared.contracts.values import DeliveryMode, Language, SizeClass
from shared.domain.refusals import Refusals
from shared.kernel.errors import Fault

SIZE = ("size_class", "annual_sales", "capital", "size_source")


class EnterpriseDetails(TypedDict, total=False):
    """The details of an enterprise. Sales and capital give the size class and are not kept."""

    external_id: str | None
    nib: str | None
    npwp: str | None
    place: str | None
    kbli: str | None
    kbli_version: str | None
    size_class: SizeClass | None
    annual_sales: int
    capital: int
    size_source: str | None


class NewEnterprise(EnterpriseDetails):
    name: str
    legal_form: str
    province: str
    sector: str
    headcount: GivenPersons
    contact: GivenContact
    delivery_mode: NotRequired[DeliveryMode]


class PersonsChanges(TypedDict, total=False):
    women: int
    men: int


class ContactChanges(TypedDict, total=False):
    name: str
    email: str | None
    phone: str | None
    address: str | None
    language: Language


class EnterpriseChanges(EnterpriseDetails, total=False):
    """The details of an enterprise that can be corrected; what is left out stays as it is, of its parts too."""

    name: str
    legal_form: str
    province: str
    sector: str
    headcount: PersonsChanges
    contact: ContactChanges
    delivery_mode: DeliveryMode


def with_present_parts(changes: EnterpriseChanges, headcount: Persons, contact: Contact) -> EnterpriseChanges:
    """Return the changes with the whole of each part that they change, as JSON Merge Patch has it."""
    whole = changes.copy()
    if "headcount" in changes:
        whole["headcount"] = {"women": headcount.women, "men": headcount.men, **changes["headcount"]}
    if "contact" in changes:
        present = {name: contact[name] for name in ("name", "email", "phone", "address", "language")}
        whole["contact"] = cast("ContactChanges", present | changes["contact"])
        if not whole["contact"]["name"]:
            raise refused("/contact/name", NAME_MISSING)
    return whole


def stored_values(given: NewEnterprise | EnterpriseChanges, *, legal_form: str, kbli_edition: str) -> dict[str, object]:
    """Return the fields of an enterprise that `given` sets. Refuses numbers that are none and a size that does not follow.

    `kbli_edition` is that of a code which comes without one.
    """
    values = {name: value for name, value in given.items() if name not in SIZE}
    if "headcount" in given:
        values["headcount"] = Persons(**given["headcount"])
    if "contact" in given:
        values["contact"] = Contact(**given["contact"])
    faults = Refusals()
    if nib := given.get("nib"):
        with faults.gather():
            values["nib"] = _parsed("/nib", lambda: nib_of(nib), NIB_FORM)
    if npwp := given.get("npwp"):
        values["npwp_given"] = npwp
        with faults.gather():
            values["npwp"] = _parsed("/npwp", lambda: npwp_of(npwp, legal_form), NPWP_FORM)
    elif "npwp" in given:
        values |= dict.fromkeys(("npwp_given", "sealed_npwp"))
    with faults.gather():
        if given.get("kbli"):
            values["kbli_version"] = given.get("kbli_version") or kbli_edition
        elif "kbli" in given:
            values["kbli_version"] = None
        elif given.get("kbli_version"):
            raise refused("/kbli_version", KBLI_VERSION_ALONE)
        else:
            values.pop("kbli_version", None)  # it goes with its code
    with faults.gather():
        values |= _size(given)
    faults.end()
    return values


def _size(details: NewEnterprise | EnterpriseChanges) -> dict[str, object]:
    """Return the size class, not the amounts: an enterprise's turnover is nobody's business here."""
    declared = details.get("size_class")
    derived = size_class(annual_sales=details.get("annual_sales"), capital=details.get("capital"))
    if derived is not None:
        if declared not in (None, derived[0]):
            raise refused("/size_class", SIZE_DIFFERS)
        return {"size_class": derived[0], "size_basis": derived[1], "size_source": details.get("size_source")}
    if declared is not None:
        return {"size_class": declared, "size_basis": "declared", "size_source": details.get("size_source")}
    if "size_class" in details:
        return dict.fromkeys(("size_class", "size_basis", "size_source"))
    return {"size_source": details["size_source"]} if "size_source" in details else {}


def _parsed(pointer: str, parse: Callable[[], str], fault: Fault) -> str:
    try:
        return parse()
    except Unreadable:
        raise refused(pointer, fault) from None


Basis: TypeAlias = Literal["annual_sales", "capital", "declared"]

_BILLION: Final = 1_000_000_000
# each boundary belongs to the class below it
BY_SALES: Final[tuple[tuple[int, SizeClass], ...]] = (
    (2 * _BILLION, "micro"), (15 * _BILLION, "small"), (50 * _BILLION, "medium"),
)  # fmt: skip
BY_CAPITAL: Final[tuple[tuple[int, SizeClass], ...]] = (
    (1 * _BILLION, "micro"), (5 * _BILLION, "small"), (10 * _BILLION, "medium"),
)  # fmt: skip


def size_class(*, annual_sales: int | None = None, capital: int | None = None) -> tuple[SizeClass, Basis] | None:
    """Return the size class by sales or capital in rupiah; None where neither is known."""
    if annual_sales is not None:
        return _class_of(annual_sales, BY_SALES), "annual_sales"
    if capital is not None:
        return _class_of(capital, BY_CAPITAL), "capital"
    return None


def _class_of(amount: int, bounds: tuple[tuple[int, SizeClass], ...]) -> SizeClass:
    return next((name for most, name in bounds if amount <= most), "large")
