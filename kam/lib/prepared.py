"""Reads whose SQL is written once: a page that asks the same question about another account fills in the values.

Django builds and compiles every query anew, which for a small read costs several times what the database needs.
"""

from collections.abc import Callable, Iterable
from copy import copy
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import update_wrapper
from itertools import count
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model, QuerySet

KEPT = 500
NUMBERS = count(1)
Build = Callable[..., QuerySet[Any, Any]]


class Prepared:
    """A function from values to a queryset, called for its rows.

    What stands in the SQL as a parameter is given by position: ids, days, moments, texts, or a list of them.
    What changes the SQL is given by name. A parameter that the function computes from a value would be kept
    as it was the first time; it is refused.
    """

    def __init__(self, build: Build) -> None:
        update_wrapper(self, build)
        self.build = build
        self.written: dict[Any, _Statement | None] = {}

    def __call__(self, *values: Any, **shape: Any) -> list[Any]:
        key = (*map(_shape, values), *((name, _looks(value)) for name, value in shape.items()))
        if key in (written := self.written):
            statement = written[key]
        else:
            statement = _write(self.build, values, shape)
            self.written = ({} if len(written) >= KEPT else written) | {key: statement}
        return statement.rows(values) if statement else []


prepared = Prepared


def _shape(value: Any) -> Any:
    return (len(value), type(value[0])) if isinstance(value, list | tuple) and value else type(value)


def _looks(value: Any) -> Any:
    """Return what an argument is in the key: of a person or another row everything that it says."""
    if not isinstance(value, Model):
        return value
    return (value._meta.label, *(getattr(value, field.attname) for field in value._meta.concrete_fields))


class _Query:
    """What Django's row makers ask of a query, with a compiler that has nothing left to do."""

    def __init__(self, query: Any, compiler: Any) -> None:
        self.query, self.compiler = query, compiler

    def get_compiler(self, *args: Any, **kwargs: Any) -> Any:
        return self.compiler

    def __getattr__(self, name: str) -> Any:
        return getattr(self.query, name)


@dataclass(frozen=True)
class _Statement:
    """The SQL; each parameter is (True, place of its value) or (False, the constant)."""

    found: QuerySet[Any, Any]
    compiler: Any
    converters: Any
    sql: str
    parameters: list[tuple[bool, Any]]

    def rows(self, values: tuple[Any, ...]) -> list[Any]:
        connection = connections[DEFAULT_DB_ALIAS]
        given = [_stored(value, connection) for value in _flat(values)]
        filled = tuple(given[what] if is_value else what for is_value, what in self.parameters)
        compiler = copy(self.compiler)
        compiler.connection = connection
        compiler.as_sql = lambda *args, **kwargs: (self.sql, filled)
        compiler.get_converters = lambda fields: self.converters
        query: Any = _Query(self.found.query, compiler)
        found: Any = type(self.found)(self.found.model, query, DEFAULT_DB_ALIAS)
        for name in ("_iterable_class", "_fields", "_prefetch_related_lookups"):
            setattr(found, name, getattr(self.found, name))
        return list(found)


def _write(build: Build, values: tuple[Any, ...], shape: dict[str, Any]) -> "_Statement | None":
    """Compile the read for two sets of invented values: where the parameters differ, a value is filled in.

    Return None for a question that no row can answer.
    """
    connection, tried = connections[DEFAULT_DB_ALIAS], []
    for _time in range(2):
        invented = [_invented(value) for value in values]
        found = build(*invented, **shape)
        compiler = found.query.get_compiler(DEFAULT_DB_ALIAS)
        try:
            sql, parameters = compiler.as_sql()
        except EmptyResultSet:
            return None
        tried.append((sql, list(parameters), [_stored(value, connection) for value in _flat(invented)]))
    (sql, first, ours), (other_sql, second, others) = tried
    if sql != other_sql:
        raise ValueError(f"The SQL of {build.__name__} depends on a value: name it.")
    places = [_place(one, two, ours, others, build.__name__) for one, two in zip(first, second, strict=True)]
    fields = [expression for expression, *_rest in compiler.select[: compiler.col_count]]
    return _Statement(found, compiler, compiler.get_converters(fields), sql, places)


def _place(one: Any, two: Any, ours: list[Any], others: list[Any], name: str) -> tuple[bool, Any]:
    for place, pair in enumerate(zip(ours, others, strict=True)):
        if pair == (one, two):
            return True, place
    if one != two:
        raise ValueError(f"{name} computes a parameter from a value: give the result instead.")
    return False, one


def _flat(values: Iterable[Any]) -> list[Any]:
    return [each for value in values for each in (value if isinstance(value, list | tuple) else (value,))]


def _stored(value: Any, connection: Any) -> Any:
    """Return a value as the database driver takes it."""
    if isinstance(value, UUID):
        return value if connection.features.has_native_uuid_field else value.hex
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return connection.ops.adapt_datefield_value(value) if isinstance(value, date) else value


def _invented(value: Any) -> Any:
    """Return a value of the same kind that occurs nowhere else."""
    if isinstance(value, list | tuple):
        return [_invented(each) for each in value]
    number = next(NUMBERS)
    match value:
        case UUID():
            return UUID(int=number)
        case datetime():
            return datetime(2, 1, 1, tzinfo=UTC) + timedelta(seconds=number)
        case date():
            return date(2, 1, 1) + timedelta(days=number)
        case str():
            return f"invented-{number}"
        case int() if not isinstance(value, bool):
            return number
    return value
