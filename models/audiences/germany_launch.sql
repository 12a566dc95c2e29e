{# Written by muster compile from audience_specs/audiences/germany_launch.yml: edit that, not this file. #}
{{ config(
    materialized="table",
    tags=["launch"],
    meta={
        "owner": "brand",
        "muster": {
            "spec": "audience_specs/audiences/germany_launch.yml",
            "digest": "4b29143be996f13dd45f28f1cb4b2d764c3e93def87d78cb0909b1ceb6e03ed8"
        }
    }
) }}

{%- set audience = {
    "audience": "germany_launch",
    "entity": "customer",
    "key": "customer_id",
    "timezone": "Europe/London",
    "criteria": {
        "all": [
            {
                "value": {"of": "traits", "column": "last_country", "type": "string"},
                "operator": "in",
                "to": [
                    {"literal": "Germany", "type": "string"},
                    {"literal": "Austria", "type": "string"},
                    {"literal": "Switzerland", "type": "string"}
                ]
            },
            {
                "value": {"of": "traits", "column": "product_range", "type": "integer"},
                "operator": "at_least",
                "to": [{"literal": "10", "type": "integer"}]
            }
        ]
    }
} -%}

{{ muster.muster_audience_model(audience, {
    "entity": ref("muster_entities__customer"),
    "traits": ref("muster_traits__customer")
}) }}
