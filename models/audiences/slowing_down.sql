{# Written by muster compile from audience_specs/audiences/slowing_down.yml: edit that, not this file. #}
{{ config(
    materialized="table",
    tags=["retention"],
    meta={
        "owner": "growth",
        "muster": {
            "spec": "audience_specs/audiences/slowing_down.yml",
            "digest": "f19384dab96601244dbce5a4e20138631415c2864298c7293ede3adb53d8fe5d"
        }
    }
) }}

{%- set audience = {
    "audience": "slowing_down",
    "entity": "customer",
    "key": "customer_id",
    "timezone": "Europe/London",
    "criteria": {
        "all": [
            {
                "value": {"of": "traits", "column": "orders_a_month", "type": "number"},
                "operator": "at_least",
                "to": [{"literal": "1", "type": "number"}]
            },
            {
                "none": [
                    {
                        "value": {
                            "of": "features__orders__31_days",
                            "column": "last_at",
                            "type": "timestamp"
                        },
                        "during": {"from": {"ago": [30, "day"]}}
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
    "features__orders__31_days": ref("muster_features__customer__orders__31_days")
}) }}
