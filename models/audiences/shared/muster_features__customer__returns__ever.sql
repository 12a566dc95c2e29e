{# Written by muster compile from audience_specs/: edit that, not this file. #}
{{ config(
    materialized="table"
) }}

{%- set features = {
    "entity": "customer",
    "key": {"name": "customer_id", "type": "integer"},
    "timezone": "Europe/London",
    "source": {
        "name": "returns",
        "key": "customer_id",
        "at": {"column": "returned_at", "type": "timestamp", "timezone": "Europe/London"},
        "id": "return_id",
        "columns": [
            {"column": "customer_id", "type": "unknown"},
            {"column": "returned_at", "type": "timestamp"},
            {"column": "amount", "type": "number"}
        ]
    },
    "event": none,
    "aggregates": [
        {"name": "count__cfd35707", "function": "count", "window": {"from": {"ago": [1, "year"]}}},
        {
            "name": "sum__amount__cfd35707",
            "function": "sum",
            "value": {"of": "events", "column": "amount", "type": "number"},
            "window": {"from": {"ago": [1, "year"]}}
        }
    ]
} -%}

{{ muster.muster_features_model(features, {
    "events": ref("demo_returns"),
    "repeated": ref("muster_repeated_events__customer__returns")
}) }}
