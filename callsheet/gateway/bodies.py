"""What every body and query of the HTTP API obeys, whatever its fields are."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, model_validator

from callsheet.model.problems import Location, Problem, refusal
from callsheet.model.values import Value

MAX_DEPTH = 60
"""Levels of lists and objects in a body. The deepest request of a person has 12."""
OWNER_PATTERN = r"^[\w.@+-]*$"
"""The characters of an owner's name, as `callsheet token add` takes them."""
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
"""Bounds of a moment. The time zones of databases and of other programs can change it without an overflow."""
LARGEST = 10**18
"""A whole number of more than 64 bits stops every list of the runs in which it stands: the server can't write it."""
_NO_TEXT = re.compile("[\\x00\\ud800-\\udfff]")
"""The characters that PostgreSQL does not store, or UTF-8 does not have."""


def _bounded(moment: datetime) -> datetime:
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if not EARLIEST <= aware < LATEST:
        raise refusal([((), f"must be between the years {EARLIEST.year} and {LATEST.year - 1}")])
    return aware


Moment = Annotated[datetime, AfterValidator(_bounded)]
"""A moment that every server and database can hold; without a time zone it is in UTC."""


class Body(Value):
    """A JSON body. Its texts can be stored and sent, and it is not nested without an end."""

    @model_validator(mode="before")
    @classmethod
    def _can_be_stored(cls, data: Any) -> Any:
        if found := next(_problems(data, (), MAX_DEPTH), None):
            raise refusal([found])
        return data


def _problems(data: Any, location: Location, depth: int) -> Iterator[Problem]:
    if not depth:
        yield location[:3], f"has more than {MAX_DEPTH} levels of lists and objects; give fewer"
    elif isinstance(data, dict):
        for name, value in data.items():
            yield from _problems(str(name), location, depth)
            yield from _problems(value, (*location, name), depth - 1)
    elif isinstance(data, list):
        for place, value in enumerate(data):
            yield from _problems(value, (*location, place), depth - 1)
    elif isinstance(data, str) and (found := _NO_TEXT.search(data)):
        yield location, f"holds U+{ord(found[0]):04X}, which no text can hold; leave it out"
    elif isinstance(data, int | float) and not -LARGEST <= data <= LARGEST:
        yield location, "is a number that programs can't read; give one of at most 18 digits"
