{# Written by muster compile from audience_specs/: edit that, not this file. #}
{{ config(
    materialized="table"
) }}

{%- set entity = {
    "entity": "customer",
    "key": {"name": "customer_id", "column": "customer_id", "type": "integer"},
    "columns": [
        {"name": "attribute__country", "column": "country", "type": "string"},
        {"name": "attribute__signed_up_on", "column": "signed_up_on", "type": "date"},
        {"name": "identifier__email", "column": "email", "type": "unknown", "as_text": true},
        {"name": "identifier__phone", "column": "phone", "type": "unknown", "as_text": true},
        {
            "name": "identifier__external_id",
            "column": "customer_id",
            "type": "unknown",
            "as_text": true
        },
        {"name": "consent__advertising", "column": "accepts_advertising", "type": "boolean"},
        {"name": "consent__email", "column": "accepts_email", "type": "boolean"}
    ]
} -%}

{{ muster.muster_entity_model(entity, {
    "entity": ref("demo_customers")
}) }}
