{# Written by muster compile from audience_specs/audiences/vip.yml: edit that, not this file. #}
{{ config(
    materialized="table",
    tags=["loyalty"],
    meta={
        "owner": "crm",
        "muster": {
            "spec": "audience_specs/audiences/vip.yml",
            "digest": "8eb6bb367221a772a60273e52614ca54c2e36f76c7593cba311f581d7087fec4"
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
                "value": {"of": "features__orders__183_days", "column": "last_at", "type": "timestamp"},
                "during": {"from": {"ago": [90, "day"]}}
            }
        ]
    }
} -%}

{{ muster.muster_audience_model(audience, {
    "entity": ref("muster_entities__customer"),
    "traits": ref("muster_traits__customer"),
    "features__orders__183_days": ref("muster_features__customer__orders__183_days")
}) }}
