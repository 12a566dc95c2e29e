"""What a platform's answers mean, as data; and how they are read where that is not enough."""

from dbt_muster.destinations.answers import (
    Fields,
    Meaning,
    Status,
    is_json,
    plain_words,
    text_at,
    texts_in,
    value_at,
    values_at,
)
from dbt_muster.destinations.codes import Code, Codes
from dbt_muster.destinations.google_errors import google_codes, violations
from dbt_muster.destinations.named import Answered, Listed, Named, NamedRows, Repeated
from dbt_muster.destinations.usage import Usage

__all__ = [
    "Answered",
    "Code",
    "Codes",
    "Fields",
    "Listed",
    "Meaning",
    "Named",
    "NamedRows",
    "Repeated",
    "Status",
    "Usage",
    "google_codes",
    "is_json",
    "plain_words",
    "text_at",
    "texts_in",
    "value_at",
    "values_at",
    "violations",
]
