{# Written by muster compile from audience_specs/: edit that, not this file. #}
{{ config(
    materialized="table"
) }}

{%- set features = {
    "entity": "customer",
    "key": {"name": "customer_id", "type": "integer"},
    "timezone": "Europe/London",
    "source": {
        "name": "order_lines",
        "key": "customer_id",
        "at": {"column": "ordered_at", "type": "timestamp", "timezone": "Europe/London"},
        "id": "order_line_id",
        "columns": [
            {"column": "customer_id", "type": "unknown"},
            {"column": "ordered_at", "type": "timestamp"},
            {"column": "amount", "type": "number"},
            {"column": "product", "type": "string"}
        ]
    },
    "event": none,
    "aggregates": [
        {
            "name": "count__57da9377",
            "function": "count",
            "window": {"from": {"local": "2010-11-01 00:00:00"}, "to": {"local": "2011-01-01 00:00:00"}},
            "where": {
                "value": {"of": "events", "column": "product", "type": "string"},
                "operator": "contains",
                "to": [{"literal": "christmas", "type": "string"}],
                "ignore_case": true
            }
        },
        {
            "name": "last_at__7c19de63",
            "function": "last",
            "starts": [{"local": "2011-09-01 00:00:00"}],
            "where": {
                "value": {"of": "events", "column": "product", "type": "string"},
                "operator": "contains",
                "to": [{"literal": "christmas", "type": "string"}],
                "ignore_case": true
            }
        },
        {
            "name": "sum__amount__452c7bc8",
            "function": "sum",
            "value": {"of": "events", "column": "amount", "type": "number"},
            "window": {"from": {"ago": [365, "day"]}},
            "where": {
                "value": {"of": "events", "column": "product", "type": "string"},
                "operator": "contains",
                "to": [{"literal": "christmas", "type": "string"}],
                "ignore_case": true
            }
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
    "events": ref("demo_order_lines"),
    "repeated": ref("muster_repeated_events__customer__order_lines")
}) }}
