{# Written by muster compile from audience_specs/audiences/one_and_done.yml: edit that, not this file. #}
{{ config(
    materialized="table",
    tags=["lifecycle", "retention"],
    meta={
        "owner": "growth",
        "muster": {
            "spec": "audience_specs/audiences/one_and_done.yml",
            "digest": "1fc650f2b8b5a479051062403fe9b9e584a00d8ca6c0b9f90ba7e348121ad5d4"
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
