with

invoice_lines as (
    select * from {{ ref('demo_invoice_lines') }}
),

orders as (
    select * from {{ ref('demo_orders') }}
),

countries as (
    select
        customer_id,
        arg_max(country, (invoiced_at, invoice_id)) as country,
    from invoice_lines
    group by customer_id
),

first_orders as (
    select
        customer_id,
        min(ordered_at) as first_order_at,
    from orders
    group by customer_id
),

{# The published data names nobody. What a destination would match on is made up from the key: addresses in a domain
   reserved for examples, and numbers that Ofcom keeps for drama. So is consent. #}
final as (
    select
        countries.customer_id,
        countries.country,
        cast(first_orders.first_order_at as date) as signed_up_on,
        'customer' || countries.customer_id || '@example.com' as email,
        case
            when countries.customer_id % 3 > 0
            then
                case countries.customer_id // 1000
                    when 12 then '07700 900'
                    when 13 then '0113 496 0'
                    when 14 then '0114 496 0'
                    when 15 then '0115 496 0'
                    when 16 then '0116 496 0'
                    when 17 then '0117 496 0'
                    else '0118 496 0'
                end || lpad(cast(countries.customer_id % 1000 as varchar), 3, '0')
        end as phone,
        countries.customer_id % 7 > 0 as accepts_email,
        countries.customer_id % 5 > 0 as accepts_advertising,
    from countries
    left join first_orders on countries.customer_id = first_orders.customer_id
)

select * from final
