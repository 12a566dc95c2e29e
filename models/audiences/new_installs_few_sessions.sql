{# Written by muster compile from audience_specs/audiences/new_installs_few_sessions.yml: edit that, not this file. #}
{{ config(
    materialized="table",
    tags=["onboarding"],
    meta={
        "owner": "product",
        "muster": {
            "spec": "audience_specs/audiences/new_installs_few_sessions.yml",
            "digest": "66e273f0e7ae75e6a6a22f047424a0eeb3bc31dfc35cb1d4ddf327879a9666d8"
        }
    }
) }}

{%- set audience = {
    "audience": "new_installs_few_sessions",
    "entity": "app_user",
    "key": "app_user_id",
    "timezone": "UTC",
    "criteria": {
        "all": [
            {
                "value": {"of": "entity", "column": "attribute__installed_at", "type": "timestamp"},
                "during": {"from": {"ago": [72, "hour"]}, "to": {"ago": [0, "day"]}}
            },
            {
                "value": {
                    "of": "features__app__session__ever",
                    "column": "count",
                    "type": "integer",
                    "zero": true
                },
                "operator": "less_than",
                "to": [{"literal": "3", "type": "integer"}]
            }
        ]
    }
} -%}

{{ muster.muster_audience_model(audience, {
    "entity": ref("muster_entities__app_user"),
    "features__app__session__ever": ref("muster_features__app_user__app__session__ever")
}) }}
