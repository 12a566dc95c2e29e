{# Written by muster compile from audience_specs/: edit that, not this file. #}
{{ config(
    materialized="view"
) }}

{%- set sources = [
    {
        "entity": "app_user",
        "source": "app",
        "at": {"column": "happened_at", "type": "timestamp"},
        "relation": "app_user__app"
    },
    {
        "entity": "customer",
        "source": "order_lines",
        "at": {"column": "ordered_at", "type": "timestamp", "timezone": "Europe/London"},
        "relation": "customer__order_lines"
    },
    {
        "entity": "customer",
        "source": "orders",
        "at": {"column": "ordered_at", "type": "timestamp", "timezone": "Europe/London"},
        "relation": "customer__orders"
    },
    {
        "entity": "customer",
        "source": "returns",
        "at": {"column": "returned_at", "type": "timestamp", "timezone": "Europe/London"},
        "relation": "customer__returns"
    }
] -%}

{{ muster.muster_event_sources_model(sources, {
    "app_user__app": ref("demo_app_events"),
    "customer__order_lines": ref("demo_order_lines"),
    "customer__orders": ref("demo_orders"),
    "customer__returns": ref("demo_returns")
}) }}
