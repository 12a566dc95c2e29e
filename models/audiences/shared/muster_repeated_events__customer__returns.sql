{# Written by muster compile from audience_specs/: edit that, not this file. #}
{{ config(
    materialized="table"
) }}

{%- set events = {
    "entity": "customer",
    "key_type": "integer",
    "name": "returns",
    "key": "customer_id",
    "at": {"column": "returned_at", "type": "timestamp", "timezone": "Europe/London"},
    "id": "return_id",
    "columns": [
        {"column": "customer_id", "type": "unknown"},
        {"column": "returned_at", "type": "timestamp"},
        {"column": "amount", "type": "number"}
    ]
} -%}

{{ muster.muster_repeated_events_model(events, ref("demo_returns")) }}
