{# Written by muster compile from audience_specs/audiences/germany_launch.yml: edit that, not this file. #}
{{ config(
    materialized="table",
    tags=["launch"],
    meta={
        "owner": "brand",
        "muster": {
            "spec": "audience_specs/audiences/germany_launch.yml",
            "digest": "fdca88d3ffe7ab24fc64ed4c42d654c0a1e70d5636753b778c3c51c8487f816f"
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
