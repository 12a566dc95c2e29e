{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    full_refresh=false
) }}

{{ muster.muster_audience_sizes_model(ref('muster_audiences'), ref('muster_memberships')) }}
