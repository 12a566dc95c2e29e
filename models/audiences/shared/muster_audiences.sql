{# Written by muster compile from audience_specs/: edit that, not this file. #}
{{ config(
    materialized="table"
) }}

{%- set audiences = [
    {
        "audience": "baking_lovers",
        "entity": "customer",
        "owner": "brand",
        "digest": "24c6e39a23614f465fd33525d458ad23b850e6523640be908c6600009cba5b6d"
    },
    {
        "audience": "bargain_hunters",
        "entity": "customer",
        "owner": "growth",
        "digest": "12c86ec18082dc160c1c90804552c6c7ef53814b14c8e54b664c5315bfc9b5c4"
    },
    {
        "audience": "cart_size_growers",
        "entity": "customer",
        "owner": "growth",
        "digest": "66eca7640d005c1b66526dab2d1e89babb01b359acd6e6e00d4044f18cfb4e80"
    },
    {
        "audience": "christmas_fans",
        "entity": "customer",
        "owner": "growth",
        "digest": "b97440d963b309739070ce996a93a6766224fa2bbaed7c90ef320b560d88cac3"
    },
    {
        "audience": "christmas_shoppers",
        "entity": "customer",
        "owner": "brand",
        "digest": "1250971703f458daa2b4e6302b49ca3ebad17321275f21d8ff1e181f9cf4e2bd"
    },
    {
        "audience": "churn_risk",
        "entity": "customer",
        "owner": "growth",
        "digest": "81f23028123a3eda0f3bba93cb249ebd6418c264e9f76c0fd51bb8f6aeb7dc31"
    },
    {
        "audience": "first_time_buyers",
        "entity": "customer",
        "owner": "crm",
        "digest": "4e8498691d51c05c420bc9c7767404d8b237fed5c937d9fa67bf55299c6097f2"
    },
    {
        "audience": "germany_launch",
        "entity": "customer",
        "owner": "brand",
        "digest": "fdca88d3ffe7ab24fc64ed4c42d654c0a1e70d5636753b778c3c51c8487f816f"
    },
    {
        "audience": "lapsed_big_spenders",
        "entity": "customer",
        "owner": "growth",
        "digest": "cc6c069d5cbd3232ce252122e3e7e22ecfe2c5cf9ed56f7365e47ffbb4075b5e"
    },
    {
        "audience": "lost_after_a_return",
        "entity": "customer",
        "owner": "crm",
        "digest": "d17db1a385baa30ab60f658742e74534f4eb91de7a2ce64de55332ef9ca5f763"
    },
    {
        "audience": "monthly_regulars",
        "entity": "customer",
        "owner": "growth",
        "digest": "ca7e2df8a11fe6c92d4033a4fc08d9270d0ad3f1ccbfaabfcdedec5820c69ce2"
    },
    {
        "audience": "new_customers",
        "entity": "customer",
        "owner": "crm",
        "digest": "764a79a14d3a894513033283b256c9f9840ff570c2333e5f2e3eff1bf139d3c3"
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
        "digest": "1fc650f2b8b5a479051062403fe9b9e584a00d8ca6c0b9f90ba7e348121ad5d4"
    },
    {
        "audience": "rfm_champions",
        "entity": "customer",
        "owner": "crm",
        "digest": "e48d55337659656f4177893a14f545d34948270a2fbc1e13e36a7def5a63565d"
    },
    {
        "audience": "serial_returners",
        "entity": "customer",
        "owner": "operations",
        "digest": "896b22855351e98bd6b00e96849a3212e546eb3a202d8f5863b708c12bde1c16"
    },
    {
        "audience": "slowing_down",
        "entity": "customer",
        "owner": "growth",
        "digest": "f19384dab96601244dbce5a4e20138631415c2864298c7293ede3adb53d8fe5d"
    },
    {
        "audience": "vip",
        "entity": "customer",
        "owner": "crm",
        "digest": "8eb6bb367221a772a60273e52614ca54c2e36f76c7593cba311f581d7087fec4"
    },
    {
        "audience": "wholesale_buyers",
        "entity": "customer",
        "owner": "sales",
        "digest": "787cfc3c3109411115237dbc939cae12ad227a621cec2fe8c05ed1ae65092fc6"
    },
    {
        "audience": "win_back",
        "entity": "customer",
        "owner": "growth",
        "digest": "4869606687bc6e40756a45a0a21d97eb07bc23dafaa8ad30089b625a8e1d99d9"
    }
] -%}

{{ muster.muster_audiences_model(audiences) }}
