{# Written by muster compile from audience_specs/audiences/cart_size_growers.yml: edit that, not this file. #}
{{ config(
    materialized="table",
    tags=["upsell"],
    meta={
        "owner": "growth",
        "muster": {
            "spec": "audience_specs/audiences/cart_size_growers.yml",
            "digest": "66eca7640d005c1b66526dab2d1e89babb01b359acd6e6e00d4044f18cfb4e80"
        }
    }
) }}

{%- set audience = {
    "audience": "cart_size_growers",
    "entity": "customer",
    "key": "customer_id",
    "timezone": "Europe/London",
    "criteria": {
        "all": [
            {
                "value": {
                    "of": "features__orders__183_days",
                    "column": "count__b9118004",
                    "type": "integer",
                    "zero": true
                },
                "operator": "at_least",
                "to": [{"literal": "2", "type": "integer"}]
            },
            {
                "value": {
                    "of": "features__orders__183_days",
                    "column": "average__amount__b9118004",
                    "type": "number"
                },
                "operator": "more_than",
                "to": [{"of": "traits", "column": "earlier_order_value", "type": "number"}]
            },
            {
                "value": {
                    "of": "features__orders__183_days",
                    "column": "max__amount__b9118004",
                    "type": "number"
                },
                "operator": "at_least",
                "to": [{"literal": "500", "type": "number"}]
            },
            {"none": [{"member_of": "audience_wholesale_buyers", "key": "customer_id"}]}
        ]
    }
} -%}

{{ muster.muster_audience_model(audience, {
    "entity": ref("muster_entities__customer"),
    "audience_wholesale_buyers": ref("wholesale_buyers"),
    "features__orders__183_days": ref("muster_features__customer__orders__183_days"),
    "traits": ref("muster_traits__customer")
}) }}
