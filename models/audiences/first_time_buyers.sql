{# Written by muster compile from audience_specs/audiences/first_time_buyers.yml: edit that, not this file. #}
{{ config(
    materialized="table",
    tags=["lifecycle"],
    meta={
        "owner": "crm",
        "muster": {
            "spec": "audience_specs/audiences/first_time_buyers.yml",
            "digest": "4e8498691d51c05c420bc9c7767404d8b237fed5c937d9fa67bf55299c6097f2"
        }
    }
) }}

{%- set audience = {
    "audience": "first_time_buyers",
    "entity": "customer",
    "key": "customer_id",
    "timezone": "Europe/London",
    "criteria": {
        "all": [
            {
                "value": {"of": "traits", "column": "order_count", "type": "integer"},
                "operator": "is",
                "to": [{"literal": "1", "type": "integer"}]
            },
            {
                "value": {"of": "traits", "column": "first_ordered_at", "type": "timestamp"},
                "during": {"from": {"ago": [30, "day"]}, "to": {"ago": [0, "day"]}}
            }
        ]
    }
} -%}

{{ muster.muster_audience_model(audience, {
    "entity": ref("muster_entities__customer"),
    "traits": ref("muster_traits__customer")
}) }}
