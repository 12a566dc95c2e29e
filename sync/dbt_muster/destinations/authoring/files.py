"""What is kept as files: a folder or any fsspec address, and rows as CSV, JSON Lines or Parquet."""

from dbt_muster.destinations.encoding import Cells, compress, encode_csv, encode_jsonl, encode_parquet
from dbt_muster.destinations.row_files import RowFile, RowFiles, RowSettings
from dbt_muster.destinations.storage import Storage

__all__ = [
    "Cells",
    "RowFile",
    "RowFiles",
    "RowSettings",
    "Storage",
    "compress",
    "encode_csv",
    "encode_jsonl",
    "encode_parquet",
]
