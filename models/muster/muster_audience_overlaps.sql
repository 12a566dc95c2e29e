{{ config(materialized='view') }}

{{ muster.muster_audience_overlaps_model(ref('muster_memberships')) }}
