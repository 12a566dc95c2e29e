{# Written by muster compile from audience_specs/: edit that, not this file. #}
{{ config(
    materialized="view"
) }}

{%- set audiences = [
    {"audience": "baking_lovers", "entity": "customer", "key": "customer_id", "variant": false},
    {"audience": "bargain_hunters", "entity": "customer", "key": "customer_id", "variant": false},
    {"audience": "cart_size_growers", "entity": "customer", "key": "customer_id", "variant": false},
    {"audience": "christmas_fans", "entity": "customer", "key": "customer_id", "variant": false},
    {"audience": "christmas_shoppers", "entity": "customer", "key": "customer_id", "variant": false},
    {"audience": "churn_risk", "entity": "customer", "key": "customer_id", "variant": false},
    {"audience": "first_time_buyers", "entity": "customer", "key": "customer_id", "variant": false},
    {"audience": "germany_launch", "entity": "customer", "key": "customer_id", "variant": false},
    {
        "audience": "lapsed_big_spenders",
        "entity": "customer",
        "key": "customer_id",
        "variant": false
    },
    {
        "audience": "lost_after_a_return",
        "entity": "customer",
        "key": "customer_id",
        "variant": false
    },
    {"audience": "monthly_regulars", "entity": "customer", "key": "customer_id", "variant": false},
    {"audience": "new_customers", "entity": "customer", "key": "customer_id", "variant": false},
    {
        "audience": "new_installs_few_sessions",
        "entity": "app_user",
        "key": "app_user_id",
        "variant": false
    },
    {"audience": "one_and_done", "entity": "customer", "key": "customer_id", "variant": false},
    {"audience": "rfm_champions", "entity": "customer", "key": "customer_id", "variant": false},
    {"audience": "serial_returners", "entity": "customer", "key": "customer_id", "variant": false},
    {"audience": "slowing_down", "entity": "customer", "key": "customer_id", "variant": false},
    {"audience": "vip", "entity": "customer", "key": "customer_id", "variant": false},
    {"audience": "wholesale_buyers", "entity": "customer", "key": "customer_id", "variant": false},
    {"audience": "win_back", "entity": "customer", "key": "customer_id", "variant": false}
] -%}

{{ muster.muster_memberships_model(audiences, {
    "baking_lovers": ref("baking_lovers"),
    "bargain_hunters": ref("bargain_hunters"),
    "cart_size_growers": ref("cart_size_growers"),
    "christmas_fans": ref("christmas_fans"),
    "christmas_shoppers": ref("christmas_shoppers"),
    "churn_risk": ref("churn_risk"),
    "first_time_buyers": ref("first_time_buyers"),
    "germany_launch": ref("germany_launch"),
    "lapsed_big_spenders": ref("lapsed_big_spenders"),
    "lost_after_a_return": ref("lost_after_a_return"),
    "monthly_regulars": ref("monthly_regulars"),
    "new_customers": ref("new_customers"),
    "new_installs_few_sessions": ref("new_installs_few_sessions"),
    "one_and_done": ref("one_and_done"),
    "rfm_champions": ref("rfm_champions"),
    "serial_returners": ref("serial_returners"),
    "slowing_down": ref("slowing_down"),
    "vip": ref("vip"),
    "wholesale_buyers": ref("wholesale_buyers"),
    "win_back": ref("win_back")
}) }}
