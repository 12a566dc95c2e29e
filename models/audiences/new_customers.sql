{# Written by muster compile from audience_specs/audiences/new_customers.yml: edit that, not this file. #}
{{ config(
    materialized="table",
    tags=["lifecycle"],
    meta={
        "owner": "crm",
        "muster": {
            "spec": "audience_specs/audiences/new_customers.yml",
            "digest": "764a79a14d3a894513033283b256c9f9840ff570c2333e5f2e3eff1bf139d3c3"
        }
    }
) }}

{%- set audience = {
    "audience": "new_customers",
    "entity": "customer",
    "key": "customer_id",
    "timezone": "Europe/London",
    "criteria": {
        "value": {"of": "entity", "column": "attribute__signed_up_on", "type": "date"},
        "during": {"from": {"start_of": ["month", -1]}, "to": {"ago": [0, "day"]}}
    }
} -%}

{{ muster.muster_audience_model(audience, {
    "entity": ref("muster_entities__customer")
}) }}
