{# Written by muster compile from audience_specs/audiences/lapsed_big_spenders.yml: edit that, not this file. #}
{{ config(
    materialized="table",
    tags=["retention"],
    meta={
        "owner": "growth",
        "muster": {
            "spec": "audience_specs/audiences/lapsed_big_spenders.yml",
            "digest": "cc6c069d5cbd3232ce252122e3e7e22ecfe2c5cf9ed56f7365e47ffbb4075b5e"
        }
    }
) }}

{%- set audience = {
    "audience": "lapsed_big_spenders",
    "entity": "customer",
    "key": "customer_id",
    "timezone": "Europe/London",
    "criteria": {
        "all": [
            {
                "value": {"of": "traits", "column": "lifetime_value", "type": "number"},
                "operator": "at_least",
                "to": [{"literal": "1000", "type": "number"}]
            },
            {
                "value": {"of": "traits", "column": "order_count", "type": "integer"},
                "operator": "at_least",
                "to": [{"literal": "2", "type": "integer"}]
            },
            {
                "none": [
                    {
                        "value": {
                            "of": "features__orders__183_days",
                            "column": "last_at",
                            "type": "timestamp"
                        },
                        "during": {"from": {"ago": [60, "day"]}}
                    },
                    {"member_of": "audience_wholesale_buyers", "key": "customer_id"}
                ]
            }
        ]
    }
} -%}

{{ muster.muster_audience_model(audience, {
    "entity": ref("muster_entities__customer"),
    "audience_wholesale_buyers": ref("wholesale_buyers"),
    "traits": ref("muster_traits__customer"),
    "features__orders__183_days": ref("muster_features__customer__orders__183_days")
}) }}
