{# Written by muster compile from audience_specs/audiences/monthly_regulars.yml: edit that, not this file. #}
{{ config(
    materialized="table",
    tags=["loyalty"],
    meta={
        "owner": "growth",
        "muster": {
            "spec": "audience_specs/audiences/monthly_regulars.yml",
            "digest": "ca7e2df8a11fe6c92d4033a4fc08d9270d0ad3f1ccbfaabfcdedec5820c69ce2"
        }
    }
) }}

{%- set audience = {
    "audience": "monthly_regulars",
    "entity": "customer",
    "key": "customer_id",
    "timezone": "Europe/London",
    "criteria": {
        "all": [
            {
                "value": {
                    "how_many": [
                        {
                            "value": {
                                "of": "features__orders__31_days",
                                "column": "last_at",
                                "type": "timestamp"
                            },
                            "during": {"from": {"ago": [30, "day"]}}
                        },
                        {
                            "value": {
                                "of": "features__orders__183_days",
                                "column": "count__20c53f74",
                                "type": "integer",
                                "zero": true
                            },
                            "operator": "at_least",
                            "to": [{"literal": "1", "type": "integer"}]
                        },
                        {
                            "value": {
                                "of": "features__orders__183_days",
                                "column": "count__a7c94cd7",
                                "type": "integer",
                                "zero": true
                            },
                            "operator": "at_least",
                            "to": [{"literal": "1", "type": "integer"}]
                        },
                        {
                            "value": {
                                "of": "features__orders__183_days",
                                "column": "count__6f16c130",
                                "type": "integer",
                                "zero": true
                            },
                            "operator": "at_least",
                            "to": [{"literal": "1", "type": "integer"}]
                        },
                        {
                            "value": {
                                "of": "features__orders__183_days",
                                "column": "count__7a61083a",
                                "type": "integer",
                                "zero": true
                            },
                            "operator": "at_least",
                            "to": [{"literal": "1", "type": "integer"}]
                        },
                        {
                            "value": {
                                "of": "features__orders__183_days",
                                "column": "count__49e1160d",
                                "type": "integer",
                                "zero": true
                            },
                            "operator": "at_least",
                            "to": [{"literal": "1", "type": "integer"}]
                        }
                    ],
                    "timezone": "Europe/London"
                },
                "operator": "at_least",
                "to": [{"literal": "5", "type": "integer"}]
            },
            {"none": [{"member_of": "audience_wholesale_buyers", "key": "customer_id"}]}
        ]
    }
} -%}

{{ muster.muster_audience_model(audience, {
    "entity": ref("muster_entities__customer"),
    "audience_wholesale_buyers": ref("wholesale_buyers"),
    "features__orders__31_days": ref("muster_features__customer__orders__31_days"),
    "features__orders__183_days": ref("muster_features__customer__orders__183_days")
}) }}
