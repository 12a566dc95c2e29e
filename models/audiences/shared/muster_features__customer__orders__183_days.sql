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
        {
            "name": "count__20c53f74",
            "function": "count",
            "window": {"from": {"ago": [60, "day"]}, "to": {"ago": [30, "day"]}}
        },
        {
            "name": "count__49e1160d",
            "function": "count",
            "window": {"from": {"ago": [180, "day"]}, "to": {"ago": [150, "day"]}}
        },
        {
            "name": "count__6f16c130",
            "function": "count",
            "window": {"from": {"ago": [120, "day"]}, "to": {"ago": [90, "day"]}}
        },
        {
            "name": "count__7a61083a",
            "function": "count",
            "window": {"from": {"ago": [150, "day"]}, "to": {"ago": [120, "day"]}}
        },
        {
            "name": "count__a7c94cd7",
            "function": "count",
            "window": {"from": {"ago": [90, "day"]}, "to": {"ago": [60, "day"]}}
        },
        {"name": "count__b9118004", "function": "count", "window": {"from": {"ago": [90, "day"]}}},
        {"name": "count__d6a33cdd", "function": "count", "window": {"from": {"ago": [180, "day"]}}},
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
