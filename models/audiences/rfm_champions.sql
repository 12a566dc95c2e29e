{# Written by muster compile from audience_specs/audiences/rfm_champions.yml: edit that, not this file. #}
{{ config(
    materialized="table",
    tags=["loyalty", "rfm"],
    meta={
        "owner": "crm",
        "muster": {
            "spec": "audience_specs/audiences/rfm_champions.yml",
            "digest": "48df33f8d1875d512e4c55fdc8ecfa40aa9037e263c216a96ac31c2e2dee6fa4"
        }
    }
) }}

{%- set audience = {
    "audience": "rfm_champions",
    "entity": "customer",
    "key": "customer_id",
    "timezone": "Europe/London",
    "criteria": {
        "all": [
            {
                "value": {"of": "features__orders", "column": "last_at", "type": "timestamp"},
                "during": {"from": {"ago": [30, "day"]}}
            },
            {
                "value": {
                    "of": "features__orders",
                    "column": "count__cfd35707",
                    "type": "integer",
                    "zero": true
                },
                "operator": "at_least",
                "to": [{"literal": "6", "type": "integer"}]
            },
            {
                "value": {
                    "of": "features__orders",
                    "column": "sum__amount__cfd35707",
                    "type": "number",
                    "zero": true
                },
                "operator": "at_least",
                "to": [{"literal": "2000", "type": "number"}]
            }
        ]
    }
} -%}

{{ muster.muster_audience_model(audience, {
    "entity": ref("muster_entities__customer"),
    "features__orders": ref("muster_features__customer__orders")
}) }}
