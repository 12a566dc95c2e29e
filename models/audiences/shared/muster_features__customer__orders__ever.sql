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
            {"column": "amount", "type": "number"},
            {"column": "items", "type": "integer"}
        ]
    },
    "event": none,
    "aggregates": [
        {
            "name": "average__amount",
            "function": "average",
            "value": {"of": "events", "column": "amount", "type": "number"}
        },
        {
            "name": "average__amount__96ddc764",
            "function": "average",
            "value": {"of": "events", "column": "amount", "type": "number"},
            "window": {"to": {"ago": [90, "day"]}}
        },
        {"name": "count", "function": "count"},
        {"name": "count__1aeda3e8", "function": "count", "window": {"from": {"ago": [6, "month"]}}},
        {
            "name": "count__33b7f620",
            "function": "count",
            "window": {"from": {"ago": [1, "year"]}},
            "where": {
                "value": {"of": "events", "column": "items", "type": "integer"},
                "operator": "at_least",
                "to": [{"literal": "500", "type": "integer"}]
            }
        },
        {
            "name": "count__8c782b93",
            "function": "count",
            "window": {"from": {"ago": [6, "month"]}, "to": {"ago": [3, "month"]}}
        },
        {
            "name": "count__b4e39dca",
            "function": "count",
            "window": {"from": {"ago": [9, "month"]}, "to": {"ago": [6, "month"]}}
        },
        {"name": "count__cfd35707", "function": "count", "window": {"from": {"ago": [1, "year"]}}},
        {
            "name": "count__e4e5096c",
            "function": "count",
            "window": {"from": {"ago": [210, "day"]}, "to": {"ago": [30, "day"]}}
        },
        {"name": "first_at", "function": "first"},
        {"name": "last_at", "function": "last"},
        {
            "name": "max__amount",
            "function": "max",
            "value": {"of": "events", "column": "amount", "type": "number"}
        },
        {
            "name": "sum__amount",
            "function": "sum",
            "value": {"of": "events", "column": "amount", "type": "number"}
        },
        {
            "name": "sum__amount__cfd35707",
            "function": "sum",
            "value": {"of": "events", "column": "amount", "type": "number"},
            "window": {"from": {"ago": [1, "year"]}}
        },
        {
            "name": "sum__amount__fba31a29",
            "function": "sum",
            "value": {"of": "events", "column": "amount", "type": "number"},
            "window": {"from": {"ago": [365, "day"]}}
        }
    ]
} -%}

{{ muster.muster_features_model(features, {
    "events": ref("demo_orders"),
    "repeated": ref("muster_repeated_events__customer__orders")
}) }}
