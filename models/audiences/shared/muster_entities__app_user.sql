{# Written by muster compile from audience_specs/: edit that, not this file. #}
{{ config(
    materialized="table"
) }}

{%- set entity = {
    "entity": "app_user",
    "key": {"name": "app_user_id", "column": "app_user_id", "type": "unknown"},
    "columns": [
        {"name": "attribute__platform", "column": "platform", "type": "string"},
        {"name": "attribute__installed_at", "column": "installed_at", "type": "timestamp"},
        {
            "name": "identifier__external_id",
            "column": "app_user_id",
            "type": "unknown",
            "as_text": true
        },
        {"name": "consent__push", "column": "accepts_push", "type": "boolean"}
    ]
} -%}

{{ muster.muster_entity_model(entity, {
    "entity": ref("demo_app_users")
}) }}
