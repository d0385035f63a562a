"""Commands have typed arguments, and what a request's schema loads is just what its command takes."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import NoneType, UnionType
from typing import Any, Literal, NotRequired, Required, TypedDict, Union, Unpack, get_args, get_origin, get_type_hints
from uuid import UUID

import pytest
from marshmallow import fields, missing

from shared.kernel.service import Service, declared
from shared.web.fields import Choice, Identifier, LocalizedName, Rupiah
from shared.web.schema import Schema

SERVICES = declared()
LOADED = (
    (Identifier, UUID),
    (Rupiah, int),
    (fields.AwareDateTime, datetime),
    (fields.Date, date),
    (fields.Boolean, bool),
    (fields.Integer, int),
    (fields.Float, float),
    (fields.String, str),
)
# a link or a slip stands for the training and its own use, or for the recipient
LINKED = {"answer_evaluation", "answer_on_slip", "opt_out", "confirm_visit_by_link"}
GIVEN_BY_LINK = {"choose_letters": {"recipient_id"}}
each_service = pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)


@dataclass(frozen=True)
class Argument:
    hint: Any
    required: bool


def commands_of(service: Service) -> dict[str, Callable[..., Any]]:
    modules = [service.module(f"{path.parent.name}.commands") for path in service.folder.glob("*/commands.py")]
    return {
        name: value
        for module in modules
        for name, value in vars(module).items()
        if inspect.isfunction(value) and value.__module__ == module.__name__ and not name.startswith("_")
    }


def arguments_of(function: Callable[..., Any]) -> dict[str, Argument]:
    """What a function takes by name, also by an unpacked dictionary."""
    hints = get_type_hints(function)
    taken: dict[str, Argument] = {}
    for name, parameter in inspect.signature(function).parameters.items():
        if parameter.kind is inspect.Parameter.VAR_KEYWORD:
            assert get_origin(hints[name]) is Unpack, f"{function.__name__}(**{name})"
            taken |= fields_of(get_args(hints[name])[0])
        else:
            taken[name] = Argument(hints[name], parameter.default is inspect.Parameter.empty)
    return taken


def fields_of(kind: Any) -> dict[str, Argument]:
    """The keys of a typed dictionary. Its annotations are text, so only their evaluation knows what need not be there."""
    found = {}
    for name, hint in get_type_hints(kind, include_extras=True).items():
        marked = get_origin(hint) in (Required, NotRequired)
        required = get_origin(hint) is Required or (not marked and name in kind.__required_keys__)
        found[name] = Argument(get_args(hint)[0] if marked else hint, required)
    return found


def parts_of(hint: Any) -> Iterator[Any]:
    """A hint and everything that it is made of."""
    yield hint
    if typing.is_typeddict(hint):
        for argument in fields_of(hint).values():
            yield from parts_of(argument.hint)
    for part in get_args(hint):
        yield from parts_of(part)


@each_service
def test_every_argument_of_a_command_has_a_type(service: Service) -> None:
    for name, command in commands_of(service).items():
        for argument, taken in arguments_of(command).items():
            assert Any not in list(parts_of(taken.hint)), f"{name}({argument})"
            assert dict not in [get_origin(part) for part in parts_of(taken.hint)], f"{name}({argument})"


def given_by(service: Service) -> Iterator[tuple[str, type[Schema], set[str]]]:
    """Each operation and each form that has a body, with its schema and what the address says beside it."""
    for route in (route for routes in service.routes for route in routes.declared if route.body):
        yield route.operation, route.body, set(inspect.signature(route.handler).parameters) - {"body", "query"}
    for page in (page for pages in service.pages for page in pages if page.body):
        yield page.name, page.body, page.parameters


@each_service
def test_what_a_schema_loads_is_what_its_command_takes(service: Service) -> None:
    commands, given = commands_of(service), list(given_by(service))
    compared = 0
    for operation, schema, in_address in given:
        addressed = in_address | GIVEN_BY_LINK.get(operation, set())
        if operation in commands and operation not in LINKED:
            taken = {name: known for name, known in arguments_of(commands[operation]).items() if name not in addressed}
            own = {name: field for name, field in schema().fields.items() if name not in addressed}
            assert list(differences(own, taken)) == [], operation
            compared += 1
    assert compared or not given, "no operation and no form with a body is called as a command"


def differences(loaded: Mapping[str, fields.Field[Any]], taken: Mapping[str, Argument]) -> Iterator[str]:
    """Where values that a schema loads do not go with the arguments that they become."""
    for name, field in loaded.items():
        if name not in taken:
            yield f"{name} is not taken"
            continue
        if taken[name].required and not (field.required or field.load_default is not missing):
            yield f"{name} may be missing"
        if field.allow_none and NoneType not in options_of(taken[name].hint):
            yield f"{name} may be null"
        yield from (f"{name}: {difference}" for difference in unlike(field, taken[name].hint))
    yield from (f"{name} is never given" for name, known in taken.items() if known.required and name not in loaded)


def unlike(field: fields.Field[Any], hint: Any) -> Iterator[str]:
    """Why what a field loads is no value of a hint; nothing where it is one."""
    (kind,) = options_of(hint) - {NoneType}
    if isinstance(field, fields.List):
        assert get_origin(kind) is Sequence
        yield from unlike(field.inner, get_args(kind)[0])
    elif isinstance(field, LocalizedName):
        assert kind == Mapping[str, str]
    elif isinstance(field, fields.Nested) and not isinstance(field, Rupiah):
        yield from differences(field.schema.fields, fields_of(kind))
    elif get_origin(kind) is Literal:
        if not isinstance(field, Choice) or not set(choices_of(field)) <= set(get_args(kind)):
            yield f"is not one of {get_args(kind)}"
    else:
        loaded = next(value for loader, value in LOADED if isinstance(field, loader))
        if loaded is not kind:
            yield f"{loaded} is loaded and {kind} is taken"


def options_of(hint: Any) -> set[Any]:
    return set(get_args(hint)) if get_origin(hint) in (Union, UnionType) else {hint}


def choices_of(field: Choice) -> list[str]:
    return [str(choice) for check in field.validators for choice in getattr(check, "choices", ())]


class Persons(TypedDict):
    women: int
    men: NotRequired[int]


class PersonsSchema(Schema):
    women = fields.Integer(required=True)
    men = fields.Integer()


@pytest.mark.parametrize(
    ("field", "argument", "found"),
    [
        (fields.String(required=True), Argument(str, True), []),
        (fields.String(), Argument(str, True), ["x may be missing"]),
        (fields.String(allow_none=True), Argument(str, False), ["x may be null"]),
        (fields.String(allow_none=True), Argument(str | None, False), []),
        (fields.Integer(), Argument(str, False), [f"x: {int} is loaded and {str} is taken"]),
        (Choice("a", "b"), Argument(Literal["a"], False), ["x: is not one of ('a',)"]),
        (fields.List(Identifier()), Argument(Sequence[UUID], False), []),
        (fields.Nested(PersonsSchema), Argument(Persons, False), []),
        (
            fields.Nested(Schema.from_dict({"men": fields.Integer()})),
            Argument(Persons, False),
            ["x: women is never given"],
        ),
    ],
)
def test_a_difference_is_told(field: fields.Field[Any], argument: Argument, found: list[str]) -> None:
    assert list(differences({"x": field}, {"x": argument})) == found
