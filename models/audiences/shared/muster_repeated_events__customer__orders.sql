{# Written by muster compile from audience_specs/: edit that, not this file. #}
{{ config(
    materialized="table"
) }}

{%- set events = {
    "entity": "customer",
    "key_type": "integer",
    "name": "orders",
    "key": "customer_id",
    "at": {"column": "ordered_at", "type": "timestamp", "timezone": "Europe/London"},
    "id": "order_id",
    "columns": [
        {"column": "customer_id", "type": "unknown"},
        {"column": "ordered_at", "type": "timestamp"},
        {"column": "amount", "type": "number"},
        {"column": "country", "type": "string"},
        {"column": "items", "type": "integer"}
    ]
} -%}

{{ muster.muster_repeated_events_model(events, ref("demo_orders")) }}
