{# Written by muster compile from audience_specs/audiences/win_back.yml: edit that, not this file. #}
{{ config(
    materialized="table",
    tags=["retention"],
    meta={
        "owner": "growth",
        "muster": {
            "spec": "audience_specs/audiences/win_back.yml",
            "digest": "4869606687bc6e40756a45a0a21d97eb07bc23dafaa8ad30089b625a8e1d99d9"
        }
    }
) }}

{%- set audience = {
    "audience": "win_back",
    "entity": "customer",
    "key": "customer_id",
    "timezone": "Europe/London",
    "criteria": {
        "all": [
            {
                "value": {"of": "features__orders__31_days", "column": "last_at", "type": "timestamp"},
                "during": {"from": {"ago": [30, "day"]}}
            },
            {
                "value": {"of": "features__orders__ever", "column": "first_at", "type": "timestamp"},
                "during": {"to": {"ago": [210, "day"]}}
            },
            {
                "none": [
                    {
                        "value": {
                            "of": "features__orders__ever",
                            "column": "count__e4e5096c",
                            "type": "integer",
                            "zero": true
                        },
                        "operator": "at_least",
                        "to": [{"literal": "1", "type": "integer"}]
                    }
                ]
            }
        ]
    }
} -%}

{{ muster.muster_audience_model(audience, {
    "entity": ref("muster_entities__customer"),
    "features__orders__31_days": ref("muster_features__customer__orders__31_days"),
    "features__orders__ever": ref("muster_features__customer__orders__ever")
}) }}
