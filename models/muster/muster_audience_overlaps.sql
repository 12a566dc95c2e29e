{# The audiences are models of the project that installs the package, so their refs name it. #}
{{ config(materialized='view') }}

{{ muster.muster_audience_overlaps_model(ref(project_name, 'muster_memberships')) }}
