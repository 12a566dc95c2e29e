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
            {"column": "amount", "type": "number"}
        ]
    },
    "event": none,
    "aggregates": [
        {
            "name": "average__amount__b9118004",
            "function": "average",
            "value": {"of": "events", "column": "amount", "type": "number"},
            "window": {"from": {"ago": [90, "day"]}}
        },
        {"name": "count__b9118004", "function": "count", "window": {"from": {"ago": [90, "day"]}}},
        {
            "name": "last_at",
            "function": "last",
            "starts": [{"ago": [3, "month"]}, {"ago": [60, "day"]}, {"ago": [90, "day"]}]
        },
        {
            "name": "max__amount__b9118004",
            "function": "max",
            "value": {"of": "events", "column": "amount", "type": "number"},
            "window": {"from": {"ago": [90, "day"]}}
        }
    ]
} -%}

{{ muster.muster_features_model(features, {
    "events": ref("demo_orders"),
    "repeated": ref("muster_repeated_events__customer__orders")
}) }}
