{# Written by muster compile from audience_specs/audiences/new_customers.yml: edit that, not this file. #}
{{ config(
    materialized="table",
    tags=["lifecycle"],
    meta={
        "owner": "crm",
        "muster": {
            "spec": "audience_specs/audiences/new_customers.yml",
            "digest": "885e7741876d534e97ff5dd4c3d82b22d6a4b9763d6d4de19408e36334b1ce77"
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
