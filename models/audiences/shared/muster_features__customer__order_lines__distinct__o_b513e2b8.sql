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
            {"column": "order_id", "type": "string"},
            {"column": "product", "type": "string"}
        ]
    },
    "event": none,
    "aggregates": [
        {
            "name": "distinct__order_id__4b6e1dcb",
            "function": "distinct",
            "value": {"of": "events", "column": "order_id", "type": "string"},
            "window": {"from": {"ago": [6, "month"]}},
            "where": {
                "any": [
                    {
                        "value": {"of": "events", "column": "product", "type": "string"},
                        "operator": "matches",
                        "to": [{"literal": "CAKE ?(STAND|TIN|CASE)", "type": "string"}]
                    },
                    {
                        "value": {"of": "events", "column": "product", "type": "string"},
                        "operator": "starts_with",
                        "to": [{"literal": "BAKING", "type": "string"}]
                    }
                ]
            }
        }
    ]
} -%}

{{ muster.muster_features_model(features, {
    "events": ref("demo_order_lines"),
    "repeated": ref("muster_repeated_events__customer__order_lines")
}) }}
