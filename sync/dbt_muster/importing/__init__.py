"""Audience definitions of other systems, translated to specs: each part exactly, or listed as not."""

from dbt_muster.importing.definition import DefinitionError, read_definition
from dbt_muster.importing.spec_file import spec_text
from dbt_muster.importing.translation import Gap, Imported, Names

__all__ = ["DefinitionError", "Gap", "Imported", "Names", "read_definition", "spec_text"]
