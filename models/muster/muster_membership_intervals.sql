{{ config(materialized='view') }}

{{ muster.muster_membership_intervals_model(ref('muster_membership_changes')) }}
