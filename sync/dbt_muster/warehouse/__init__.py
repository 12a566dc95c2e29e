"""The connection to the warehouse, through the user's own dbt profile and dbt's own adapter."""

from dbt_muster.warehouse.connection import BusyError, Warehouse, WarehouseError
from dbt_muster.warehouse.manifest import Manifest
from dbt_muster.warehouse.profile import Profile, load_profile
from dbt_muster.warehouse.upstream import Upstream

__all__ = ["BusyError", "Manifest", "Profile", "Upstream", "Warehouse", "WarehouseError", "load_profile"]
