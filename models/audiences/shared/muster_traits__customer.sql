{# Written by muster compile from audience_specs/: edit that, not this file. #}
{{ config(
    materialized="table"
) }}

{%- set traits = {
    "entity": "customer",
    "key": "customer_id",
    "traits": [
        {
            "name": "average_order_value",
            "value": {"of": "features__orders__ever", "column": "average__amount", "type": "number"}
        },
        {
            "name": "christmas_share",
            "value": {
                "share": {
                    "of": "features__order_lines__ever",
                    "column": "sum__amount__452c7bc8",
                    "type": "number",
                    "zero": true
                },
                "of": {
                    "of": "features__order_lines__ever",
                    "column": "sum__amount__fba31a29",
                    "type": "number",
                    "zero": true
                }
            }
        },
        {
            "name": "earlier_order_value",
            "value": {
                "of": "features__orders__ever",
                "column": "average__amount__96ddc764",
                "type": "number"
            }
        },
        {
            "name": "first_ordered_at",
            "value": {"of": "features__orders__ever", "column": "first_at", "type": "timestamp"}
        },
        {
            "name": "largest_order",
            "value": {"of": "features__orders__ever", "column": "max__amount", "type": "number"}
        },
        {
            "name": "last_country",
            "value": {"of": "features__orders__last__country", "column": "last__country", "type": "string"}
        },
        {
            "name": "last_ordered_at",
            "value": {"of": "features__orders__ever", "column": "last_at", "type": "timestamp"}
        },
        {
            "name": "lifetime_value",
            "value": {
                "of": "features__orders__ever",
                "column": "sum__amount",
                "type": "number",
                "zero": true
            }
        },
        {
            "name": "order_count",
            "value": {"of": "features__orders__ever", "column": "count", "type": "integer", "zero": true}
        },
        {
            "name": "orders_a_month",
            "value": {
                "rate": {
                    "of": "features__orders__183_days",
                    "column": "count__d6a33cdd",
                    "type": "integer",
                    "zero": true
                },
                "from": {"ago": [180, "day"]},
                "per": [30, "day"],
                "timezone": "Europe/London"
            }
        },
        {
            "name": "product_range",
            "value": {
                "of": "features__order_lines__distinct__stock_code",
                "column": "distinct__stock_code",
                "type": "integer",
                "zero": true
            }
        },
        {
            "name": "return_count",
            "value": {
                "of": "features__returns__ever",
                "column": "count__cfd35707",
                "type": "integer",
                "zero": true
            }
        },
        {
            "name": "returned_value",
            "value": {
                "of": "features__returns__ever",
                "column": "sum__amount__cfd35707",
                "type": "number",
                "zero": true
            }
        }
    ]
} -%}

{{ muster.muster_traits_model(traits, {
    "entity": ref("muster_entities__customer"),
    "features__orders__ever": ref("muster_features__customer__orders__ever"),
    "features__order_lines__ever": ref("muster_features__customer__order_lines__ever"),
    "features__orders__last__country": ref("muster_features__customer__orders__last__country"),
    "features__orders__183_days": ref("muster_features__customer__orders__183_days"),
    "features__order_lines__distinct__stock_code": ref("muster_features__customer__order_lines__distinct__stock_code"),
    "features__returns__ever": ref("muster_features__customer__returns__ever")
}) }}
