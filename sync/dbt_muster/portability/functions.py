"""Functions that a dialect has and sqlglot has no node for; any other such function is a finding.

Each is documented by its warehouse under that name; a function that is missing here is most likely one of
another dialect.
"""

from __future__ import annotations

from collections.abc import Mapping

_SPARK = frozenset(
    {
        # Spark SQL, "Built-in Functions": dates and times, mathematics, and since 4.0 variants.
        "conv",
        "schema_of_variant",
        "timestamp_micros",
        "try_parse_json",
        "try_variant_get",
    }
)

KNOWN: Mapping[str, frozenset[str]] = {
    # DuckDB, "Date Functions": the number of whole units between two times.
    "duckdb": frozenset({"date_sub"}),
    "postgres": frozenset(
        {
            # PostgreSQL, "Binary String Functions".
            "convert_to",
            # PostgreSQL, "System Information Functions"; pg_input_is_valid since 16.
            "pg_input_is_valid",
            "pg_typeof",
            # PostgreSQL, "JSON Functions and Operators".
            "jsonb_array_elements",
            "jsonb_array_elements_text",
            "jsonb_typeof",
            "to_jsonb",
        }
    ),
    # Amazon Redshift, "JSON functions" and "SUPER type information functions".
    "redshift": frozenset({"can_json_parse", "json_serialize"}),
    # Snowflake, "Semi-structured and structured data functions": a VARIANT as what it holds.
    "snowflake": frozenset({"as_array"}),
    "spark": _SPARK,
    # Databricks SQL, "Alphabetical list of built-in functions", has all of Spark's above.
    "databricks": _SPARK,
    # Trino, "Date and time functions".
    "trino": frozenset({"with_timezone"}),
}
