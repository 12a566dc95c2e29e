{# The audiences are models of the project that installs the package, so their refs name it. #}
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='append_new_columns',
    full_refresh=false
) }}

{{ muster.muster_membership_changes_model(
    ref(project_name, 'muster_memberships'),
    ref('muster_audience_sizes'),
    ref(project_name, 'muster_audiences')
) }}
