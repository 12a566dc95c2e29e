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
            {"column": "ordered_at", "type": "timestamp"},
            {"column": "country", "type": "string"}
        ]
    },
    "event": none,
    "aggregates": [
        {
            "name": "last__country",
            "function": "last",
            "value": {"of": "events", "column": "country", "type": "string"}
        }
    ]
} -%}

{{ muster.muster_features_model(features, {
    "events": ref("demo_orders"),
    "repeated": ref("muster_repeated_events__customer__orders")
}) }}
