"""The connection to the warehouse, through the user's own dbt profile and dbt's own adapter."""

from dbt_muster.warehouse.connection import Warehouse, WarehouseError
from dbt_muster.warehouse.manifest import Manifest
from dbt_muster.warehouse.profile import Profile, load_profile

__all__ = ["Manifest", "Profile", "Warehouse", "WarehouseError", "load_profile"]
