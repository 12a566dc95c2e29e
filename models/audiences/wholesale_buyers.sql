{# Written by muster compile from audience_specs/audiences/wholesale_buyers.yml: edit that, not this file. #}
{{ config(
    materialized="table",
    tags=["exclusion"],
    meta={
        "owner": "sales",
        "muster": {
            "spec": "audience_specs/audiences/wholesale_buyers.yml",
            "digest": "787cfc3c3109411115237dbc939cae12ad227a621cec2fe8c05ed1ae65092fc6"
        }
    }
) }}

{%- set audience = {
    "audience": "wholesale_buyers",
    "entity": "customer",
    "key": "customer_id",
    "timezone": "Europe/London",
    "criteria": {
        "any": [
            {
                "value": {
                    "of": "features__orders__ever",
                    "column": "count__33b7f620",
                    "type": "integer",
                    "zero": true
                },
                "operator": "at_least",
                "to": [{"literal": "3", "type": "integer"}]
            },
            {
                "value": {"of": "traits", "column": "largest_order", "type": "number"},
                "operator": "at_least",
                "to": [{"literal": "5000", "type": "number"}]
            }
        ]
    }
} -%}

{{ muster.muster_audience_model(audience, {
    "entity": ref("muster_entities__customer"),
    "features__orders__ever": ref("muster_features__customer__orders__ever"),
    "traits": ref("muster_traits__customer")
}) }}
