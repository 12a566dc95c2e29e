{# The audiences are models of the project that installs the package, so their refs name it. #}
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    full_refresh=false
) }}

{{ muster.muster_membership_changes_model(ref(project_name, 'muster_memberships'), ref('muster_audience_sizes')) }}
