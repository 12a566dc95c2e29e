{# Written by muster compile from audience_specs/: edit that, not this file. #}
{{ config(
    materialized="table"
) }}

{%- set features = {
    "entity": "app_user",
    "key": {"name": "app_user_id", "type": "unknown"},
    "timezone": "UTC",
    "source": {
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
    },
    "event": "session",
    "aggregates": [{"name": "count", "function": "count"}]
} -%}

{{ muster.muster_features_model(features, {
    "events": ref("demo_app_events"),
    "repeated": ref("muster_repeated_events__app_user__app")
}) }}
