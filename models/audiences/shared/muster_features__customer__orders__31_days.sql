{# Written by muster compile from audience_specs/: edit that, not this file. #}
{{ config(
    materialized="table"
) }}

{%- set features = {
    "entity": "customer",
    "key": {"name": "customer_id", "type": "integer"},
    "timezone": "Europe/London",
    "source": {
        "name": "orders",
        "key": "customer_id",
        "at": {"column": "ordered_at", "type": "timestamp", "timezone": "Europe/London"},
        "id": "order_id",
        "columns": [
            {"column": "customer_id", "type": "unknown"},
            {"column": "ordered_at", "type": "timestamp"}
        ]
    },
    "event": none,
    "aggregates": [{"name": "last_at", "function": "last", "starts": [{"ago": [30, "day"]}]}]
} -%}

{{ muster.muster_features_model(features, {
    "events": ref("demo_orders"),
    "repeated": ref("muster_repeated_events__customer__orders")
}) }}
