{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    full_refresh=false
) }}

{{ muster.muster_membership_changes_model(ref('muster_memberships'), ref('muster_audience_sizes')) }}
