{# Written by muster compile from audience_specs/audiences/lost_after_a_return.yml: edit that, not this file. #}
{{ config(
    materialized="table",
    tags=["retention"],
    meta={
        "owner": "crm",
        "muster": {
            "spec": "audience_specs/audiences/lost_after_a_return.yml",
            "digest": "d17db1a385baa30ab60f658742e74534f4eb91de7a2ce64de55332ef9ca5f763"
        }
    }
) }}

{%- set audience = {
    "audience": "lost_after_a_return",
    "entity": "customer",
    "key": "customer_id",
    "timezone": "Europe/London",
    "criteria": {"member_of": "sequence__bad9da53", "key": "customer_id"}
} -%}

{{ muster.muster_audience_model(audience, {
    "entity": ref("muster_entities__customer"),
    "sequence__bad9da53": ref("muster_sequences__customer__bad9da53")
}) }}
