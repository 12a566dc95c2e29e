{# Written by muster compile from audience_specs/: edit that, not this file. #}
{{ config(
    materialized="table"
) }}

{%- set audiences = [
    {
        "audience": "baking_lovers",
        "entity": "customer",
        "owner": "brand",
        "digest": "cef79702e1e4128a279c1eed677a7a79b575c550b06106b5fcd82b679ea59d1c"
    },
    {
        "audience": "bargain_hunters",
        "entity": "customer",
        "owner": "growth",
        "digest": "e3c6c0adfff448d593109b25ebad6143d5157dbffde2d3b14e154dadf473e3bd"
    },
    {
        "audience": "cart_size_growers",
        "entity": "customer",
        "owner": "growth",
        "digest": "a743ac058dcd53406fa7804a374b1c90ab66d41e96743d09c5c2b33626b1c8ff"
    },
    {
        "audience": "christmas_shoppers",
        "entity": "customer",
        "owner": "brand",
        "digest": "19a09c08c8e226cc9c82c8099e377efb8793d912a32314b22b62e356ffc3bf75"
    },
    {
        "audience": "churn_risk",
        "entity": "customer",
        "owner": "growth",
        "digest": "faa731ca4ee087192bc7cc3859843908a62fbd2cc2dcba6a00bdfbf848240e00"
    },
    {
        "audience": "first_time_buyers",
        "entity": "customer",
        "owner": "crm",
        "digest": "55a8a7b642d9f33ca80c0d854a04ac3f7f91514529208db1dfae5935323c9e68"
    },
    {
        "audience": "germany_launch",
        "entity": "customer",
        "owner": "brand",
        "digest": "4b29143be996f13dd45f28f1cb4b2d764c3e93def87d78cb0909b1ceb6e03ed8"
    },
    {
        "audience": "lapsed_big_spenders",
        "entity": "customer",
        "owner": "growth",
        "digest": "202e5c3ca94df79a9468a80ff9a69922170838dc2b35b991bdb8e04a1080367c"
    },
    {
        "audience": "new_customers",
        "entity": "customer",
        "owner": "crm",
        "digest": "885e7741876d534e97ff5dd4c3d82b22d6a4b9763d6d4de19408e36334b1ce77"
    },
    {
        "audience": "new_installs_few_sessions",
        "entity": "app_user",
        "owner": "product",
        "digest": "66e273f0e7ae75e6a6a22f047424a0eeb3bc31dfc35cb1d4ddf327879a9666d8"
    },
    {
        "audience": "one_and_done",
        "entity": "customer",
        "owner": "growth",
        "digest": "fd6df4e21cc9f0637b14538c25836ce2435cb2d794d6f413d0c01187945f6996"
    },
    {
        "audience": "rfm_champions",
        "entity": "customer",
        "owner": "crm",
        "digest": "48df33f8d1875d512e4c55fdc8ecfa40aa9037e263c216a96ac31c2e2dee6fa4"
    },
    {
        "audience": "serial_returners",
        "entity": "customer",
        "owner": "operations",
        "digest": "e96850ec7affa22d33bdfd4ed07cf60e8bb9cd328dd76ca127ea4676ddee4618"
    },
    {
        "audience": "vip",
        "entity": "customer",
        "owner": "crm",
        "digest": "3b88bee288848426f042a74a0df1882952aab369d631511c5787a1f7ed5491b1"
    },
    {
        "audience": "wholesale_buyers",
        "entity": "customer",
        "owner": "sales",
        "digest": "8541c02d9af509a43177cee8e68015e444f565c412bc33c8522ae2d3f3ae8efc"
    },
    {
        "audience": "win_back",
        "entity": "customer",
        "owner": "growth",
        "digest": "7aa30d5d96baac141a49692f326f6372d75027245dc870f232e73befb94bf284"
    }
] -%}

{{ muster.muster_audiences_model(audiences) }}
