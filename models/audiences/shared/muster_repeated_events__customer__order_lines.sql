{# Written by muster compile from audience_specs/: edit that, not this file. #}
{{ config(
    materialized="table"
) }}

{%- set events = {
    "entity": "customer",
    "key_type": "integer",
    "name": "order_lines",
    "key": "customer_id",
    "at": {"column": "ordered_at", "type": "timestamp", "timezone": "Europe/London"},
    "id": "order_line_id",
    "columns": [
        {"column": "customer_id", "type": "unknown"},
        {"column": "ordered_at", "type": "timestamp"},
        {"column": "amount", "type": "number"},
        {"column": "order_id", "type": "string"},
        {"column": "product", "type": "string"},
        {"column": "stock_code", "type": "string"}
    ]
} -%}

{{ muster.muster_repeated_events_model(events, ref("demo_order_lines")) }}
