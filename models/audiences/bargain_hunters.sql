{# Written by muster compile from audience_specs/audiences/bargain_hunters.yml: edit that, not this file. #}
{{ config(
    materialized="table",
    tags=["upsell"],
    meta={
        "owner": "growth",
        "muster": {
            "spec": "audience_specs/audiences/bargain_hunters.yml",
            "digest": "12c86ec18082dc160c1c90804552c6c7ef53814b14c8e54b664c5315bfc9b5c4"
        }
    }
) }}

{%- set audience = {
    "audience": "bargain_hunters",
    "entity": "customer",
    "key": "customer_id",
    "timezone": "Europe/London",
    "criteria": {
        "all": [
            {
                "value": {"of": "entity", "column": "attribute__country", "type": "string"},
                "operator": "is",
                "to": [{"literal": "United Kingdom", "type": "string"}]
            },
            {
                "value": {
                    "of": "features__orders__ever",
                    "column": "count__1aeda3e8",
                    "type": "integer",
                    "zero": true
                },
                "operator": "at_least",
                "to": [{"literal": "4", "type": "integer"}]
            },
            {
                "value": {"of": "traits", "column": "average_order_value", "type": "number"},
                "operator": "less_than",
                "to": [{"literal": "150", "type": "number"}]
            },
            {"none": [{"member_of": "audience_serial_returners", "key": "customer_id"}]}
        ]
    }
} -%}

{{ muster.muster_audience_model(audience, {
    "entity": ref("muster_entities__customer"),
    "audience_serial_returners": ref("serial_returners"),
    "features__orders__ever": ref("muster_features__customer__orders__ever"),
    "traits": ref("muster_traits__customer")
}) }}
