{# Written by muster compile from audience_specs/audiences/churn_risk.yml: edit that, not this file. #}
{{ config(
    materialized="table",
    tags=["retention"],
    meta={
        "owner": "growth",
        "muster": {
            "spec": "audience_specs/audiences/churn_risk.yml",
            "digest": "81f23028123a3eda0f3bba93cb249ebd6418c264e9f76c0fd51bb8f6aeb7dc31"
        }
    }
) }}

{%- set audience = {
    "audience": "churn_risk",
    "entity": "customer",
    "key": "customer_id",
    "timezone": "Europe/London",
    "criteria": {
        "all": [
            {
                "value": {
                    "of": "features__orders__ever",
                    "column": "count__b4e39dca",
                    "type": "integer",
                    "zero": true
                },
                "operator": "at_least",
                "to": [{"literal": "1", "type": "integer"}]
            },
            {
                "value": {
                    "of": "features__orders__ever",
                    "column": "count__8c782b93",
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
                            "of": "features__orders__183_days",
                            "column": "last_at",
                            "type": "timestamp"
                        },
                        "during": {"from": {"ago": [3, "month"]}}
                    }
                ]
            }
        ]
    }
} -%}

{{ muster.muster_audience_model(audience, {
    "entity": ref("muster_entities__customer"),
    "features__orders__ever": ref("muster_features__customer__orders__ever"),
    "features__orders__183_days": ref("muster_features__customer__orders__183_days")
}) }}
