{# Written by muster compile from audience_specs/: edit that, not this file. #}
{{ config(
    materialized="table"
) }}

{%- set events = {
    "entity": "app_user",
    "key_type": "unknown",
    "name": "app",
    "key": "app_user_id",
    "at": {"column": "happened_at", "type": "timestamp"},
    "event_name": "event_name",
    "id": "event_id",
    "columns": [
        {"column": "app_user_id", "type": "unknown"},
        {"column": "happened_at", "type": "timestamp"},
        {"column": "event_name", "type": "unknown"}
    ]
} -%}

{{ muster.muster_repeated_events_model(events, ref("demo_app_events")) }}
