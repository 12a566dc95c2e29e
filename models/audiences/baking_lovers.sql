{# Written by muster compile from audience_specs/audiences/baking_lovers.yml: edit that, not this file. #}
{{ config(
    materialized="table",
    tags=["interest"],
    meta={
        "owner": "brand",
        "muster": {
            "spec": "audience_specs/audiences/baking_lovers.yml",
            "digest": "24c6e39a23614f465fd33525d458ad23b850e6523640be908c6600009cba5b6d"
        }
    }
) }}

{%- set audience = {
    "audience": "baking_lovers",
    "entity": "customer",
    "key": "customer_id",
    "timezone": "Europe/London",
    "criteria": {
        "value": {
            "of": "features__order_lines__distinct__order_id__4b6e1dcb",
            "column": "distinct__order_id__4b6e1dcb",
            "type": "integer",
            "zero": true
        },
        "operator": "at_least",
        "to": [{"literal": "3", "type": "integer"}]
    }
} -%}

{{ muster.muster_audience_model(audience, {
    "entity": ref("muster_entities__customer"),
    "features__order_lines__distinct__order_id__4b6e1dcb": ref("muster_features__customer__order_lines__distinct__o_b513e2b8")
}) }}
