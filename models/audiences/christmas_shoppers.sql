{# Written by muster compile from audience_specs/audiences/christmas_shoppers.yml: edit that, not this file. #}
{{ config(
    materialized="table",
    tags=["seasonal"],
    meta={
        "owner": "brand",
        "muster": {
            "spec": "audience_specs/audiences/christmas_shoppers.yml",
            "digest": "1250971703f458daa2b4e6302b49ca3ebad17321275f21d8ff1e181f9cf4e2bd"
        }
    }
) }}

{%- set audience = {
    "audience": "christmas_shoppers",
    "entity": "customer",
    "key": "customer_id",
    "timezone": "Europe/London",
    "criteria": {
        "all": [
            {
                "value": {
                    "of": "features__order_lines__ever",
                    "column": "count__57da9377",
                    "type": "integer",
                    "zero": true
                },
                "operator": "at_least",
                "to": [{"literal": "1", "type": "integer"}]
            },
            {
                "none": [
                    {
                        "value": {
                            "of": "features__order_lines__ever",
                            "column": "last_at__7c19de63",
                            "type": "timestamp"
                        },
                        "during": {"from": {"local": "2011-09-01 00:00:00"}}
                    }
                ]
            }
        ]
    }
} -%}

{{ muster.muster_audience_model(audience, {
    "entity": ref("muster_entities__customer"),
    "features__order_lines__ever": ref("muster_features__customer__order_lines__ever")
}) }}
