{# Written by muster compile from audience_specs/audiences/vip.yml: edit that, not this file. #}
{{ config(
    materialized="table",
    tags=["loyalty"],
    meta={
        "owner": "crm",
        "muster": {
            "spec": "audience_specs/audiences/vip.yml",
            "digest": "3b88bee288848426f042a74a0df1882952aab369d631511c5787a1f7ed5491b1"
        }
    }
) }}

{%- set audience = {
    "audience": "vip",
    "entity": "customer",
    "key": "customer_id",
    "timezone": "Europe/London",
    "criteria": {
        "all": [
            {
                "value": {"of": "traits", "column": "lifetime_value", "type": "number"},
                "operator": "at_least",
                "to": [{"literal": "5000", "type": "number"}]
            },
            {
                "value": {"of": "features__orders", "column": "last_at", "type": "timestamp"},
                "during": {"from": {"ago": [90, "day"]}}
            }
        ]
    }
} -%}

{{ muster.muster_audience_model(audience, {
    "entity": ref("muster_entities__customer"),
    "traits": ref("muster_traits__customer"),
    "features__orders": ref("muster_features__customer__orders")
}) }}
