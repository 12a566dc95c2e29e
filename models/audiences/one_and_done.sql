{# Written by muster compile from audience_specs/audiences/one_and_done.yml: edit that, not this file. #}
{{ config(
    materialized="table",
    tags=["lifecycle", "retention"],
    meta={
        "owner": "growth",
        "muster": {
            "spec": "audience_specs/audiences/one_and_done.yml",
            "digest": "fd6df4e21cc9f0637b14538c25836ce2435cb2d794d6f413d0c01187945f6996"
        }
    }
) }}

{%- set audience = {
    "audience": "one_and_done",
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
                "during": {"to": {"ago": [6, "month"]}}
            }
        ]
    }
} -%}

{{ muster.muster_audience_model(audience, {
    "entity": ref("muster_entities__customer"),
    "traits": ref("muster_traits__customer")
}) }}
