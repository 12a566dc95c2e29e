"""A profile that dbt-snowflake connects to an emulator's server by."""

from __future__ import annotations

import json

from tests.servers.snowflake_emulator import SnowflakeServer

DATABASE = "warehouse"
"""Another name than any schema's: the emulator takes a schema for a database of the same name."""


def profile(name: str, server: SnowflakeServer, schema: str) -> str:
    """The text of `profiles.yml` for a project.

    Args:
        name: the profile's.
        server: where its one target is.
        schema: the target's; dbt makes it where it is missing.
    """
    settings = server.settings()
    settings.pop("network_timeout")
    target = {**settings, "type": "snowflake", "database": DATABASE, "schema": schema, "threads": 2}
    return json.dumps({name: {"target": "dev", "outputs": {"dev": target}}})
