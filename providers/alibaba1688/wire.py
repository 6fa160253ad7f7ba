"""The base of every answer's shape. The documents mark all fields required; the gateway leaves many out or null."""

from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator
from pydantic.alias_generators import to_camel

from purchasing.errors import PageChanged

Json = dict[str, Any]
"""A JSON object as parsed, with Decimals instead of floats."""


class Wire(BaseModel):
    """Null and "" count as absent, numbers are taken where text is declared (ids), unknown fields are ignored."""

    model_config = ConfigDict(alias_generator=to_camel, frozen=True, coerce_numbers_to_str=True)

    @model_validator(mode="before")
    @classmethod
    def _drop_blanks(cls, data: object) -> object:
        if not isinstance(data, dict):
            return data
        return {key: value for key, value in data.items() if value is not None and value != ""}


W = TypeVar("W", bound=Wire)


def read_as(shape: type[W], body: Json, what: str) -> W:
    """Raises PageChanged naming the fields that don't fit, without their values."""
    try:
        return shape.model_validate(body)
    except ValidationError as error:
        misfits = [f"{'.'.join(map(str, one['loc']))}: {one['type']}" for one in error.errors(include_input=False)]
        raise PageChanged(what, "; ".join(misfits)[:500]) from None
