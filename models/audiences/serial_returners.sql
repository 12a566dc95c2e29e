{# Written by muster compile from audience_specs/audiences/serial_returners.yml: edit that, not this file. #}
{{ config(
    materialized="table",
    tags=["exclusion"],
    meta={
        "owner": "operations",
        "muster": {
            "spec": "audience_specs/audiences/serial_returners.yml",
            "digest": "896b22855351e98bd6b00e96849a3212e546eb3a202d8f5863b708c12bde1c16"
        }
    }
) }}

{%- set audience = {
    "audience": "serial_returners",
    "entity": "customer",
    "key": "customer_id",
    "timezone": "Europe/London",
    "criteria": {
        "all": [
            {
                "value": {"of": "traits", "column": "return_count", "type": "integer"},
                "operator": "at_least",
                "to": [{"literal": "5", "type": "integer"}]
            },
            {
                "value": {"of": "features__returns__183_days", "column": "last_at", "type": "timestamp"},
                "during": {"from": {"ago": [90, "day"]}}
            }
        ]
    }
} -%}

{{ muster.muster_audience_model(audience, {
    "entity": ref("muster_entities__customer"),
    "traits": ref("muster_traits__customer"),
    "features__returns__183_days": ref("muster_features__customer__returns__183_days")
}) }}
