{# Written by muster compile from audience_specs/audiences/christmas_fans.yml: edit that, not this file. #}
{{ config(
    materialized="table",
    tags=["seasonal"],
    meta={
        "owner": "growth",
        "muster": {
            "spec": "audience_specs/audiences/christmas_fans.yml",
            "digest": "b97440d963b309739070ce996a93a6766224fa2bbaed7c90ef320b560d88cac3"
        }
    }
) }}

{%- set audience = {
    "audience": "christmas_fans",
    "entity": "customer",
    "key": "customer_id",
    "timezone": "Europe/London",
    "criteria": {
        "all": [
            {
                "value": {"of": "traits", "column": "christmas_share", "type": "number"},
                "operator": "more_than",
                "to": [{"literal": "0", "type": "number"}]
            },
            {
                "value": {
                    "of": "features__orders__ever",
                    "column": "sum__amount__fba31a29",
                    "type": "number",
                    "zero": true
                },
                "operator": "at_least",
                "to": [{"literal": "200", "type": "number"}]
            }
        ]
    },
    "limit": {
        "top": 100,
        "by": {"of": "traits", "column": "christmas_share", "type": "number"},
        "ascending": false,
        "key_type": "integer"
    }
} -%}

{{ muster.muster_audience_model(audience, {
    "entity": ref("muster_entities__customer"),
    "traits": ref("muster_traits__customer"),
    "features__orders__ever": ref("muster_features__customer__orders__ever")
}) }}
