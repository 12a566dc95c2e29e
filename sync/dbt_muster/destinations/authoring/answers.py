"""What a platform's answers mean, as data; and how they are read where that is not enough."""

from dbt_muster.destinations.answers import (
    Fields,
    Meaning,
    Status,
    is_json,
    plain_words,
    text_at,
    value_at,
    values_at,
)
from dbt_muster.destinations.codes import Code, Codes, Named

__all__ = [
    "Code",
    "Codes",
    "Fields",
    "Meaning",
    "Named",
    "Status",
    "is_json",
    "plain_words",
    "text_at",
    "value_at",
    "values_at",
]
