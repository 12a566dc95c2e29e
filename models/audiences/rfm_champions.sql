{# Written by muster compile from audience_specs/audiences/rfm_champions.yml: edit that, not this file. #}
{{ config(
    materialized="table",
    tags=["loyalty", "rfm"],
    meta={
        "owner": "crm",
        "muster": {
            "spec": "audience_specs/audiences/rfm_champions.yml",
            "digest": "e48d55337659656f4177893a14f545d34948270a2fbc1e13e36a7def5a63565d"
        }
    }
) }}

{%- set audience = {
    "audience": "rfm_champions",
    "entity": "customer",
    "key": "customer_id",
    "timezone": "Europe/London",
    "criteria": {
        "all": [
            {
                "value": {"of": "features__orders__31_days", "column": "last_at", "type": "timestamp"},
                "during": {"from": {"ago": [30, "day"]}}
            },
            {
                "value": {
                    "of": "features__orders__ever",
                    "column": "count__cfd35707",
                    "type": "integer",
                    "zero": true
                },
                "operator": "at_least",
                "to": [{"literal": "6", "type": "integer"}]
            },
            {
                "value": {
                    "of": "features__orders__ever",
                    "column": "sum__amount__cfd35707",
                    "type": "number",
                    "zero": true
                },
                "operator": "at_least",
                "to": [{"literal": "2000", "type": "number"}]
            }
        ]
    }
} -%}

{{ muster.muster_audience_model(audience, {
    "entity": ref("muster_entities__customer"),
    "features__orders__31_days": ref("muster_features__customer__orders__31_days"),
    "features__orders__ever": ref("muster_features__customer__orders__ever")
}) }}
