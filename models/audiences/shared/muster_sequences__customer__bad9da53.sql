{# Written by muster compile from audience_specs/: edit that, not this file. #}
{{ config(
    materialized="table"
) }}

{%- set sequence = {
    "entity": "customer",
    "key": {"name": "customer_id", "type": "integer"},
    "timezone": "Europe/London",
    "sources": {
        "orders": {
            "name": "orders",
            "key": "customer_id",
            "at": {"column": "ordered_at", "type": "timestamp", "timezone": "Europe/London"},
            "id": "order_id",
            "columns": [
                {"column": "customer_id", "type": "unknown"},
                {"column": "ordered_at", "type": "timestamp"}
            ]
        },
        "returns": {
            "name": "returns",
            "key": "customer_id",
            "at": {"column": "returned_at", "type": "timestamp", "timezone": "Europe/London"},
            "id": "return_id",
            "columns": [
                {"column": "customer_id", "type": "unknown"},
                {"column": "returned_at", "type": "timestamp"}
            ]
        }
    },
    "steps": [
        {"source": "orders", "event": none},
        {"source": "returns", "event": none, "within": [30, "day"]},
        {"source": "orders", "event": none, "without": true, "within": [60, "day"]}
    ],
    "window": {"from": {"start_of": ["year", 0]}}
} -%}

{{ muster.muster_sequence_model(sequence, {
    "step_1": {
        "events": ref("demo_orders"),
        "repeated": ref("muster_repeated_events__customer__orders")
    },
    "step_2": {
        "events": ref("demo_returns"),
        "repeated": ref("muster_repeated_events__customer__returns")
    },
    "step_3": {
        "events": ref("demo_orders"),
        "repeated": ref("muster_repeated_events__customer__orders")
    }
}) }}
