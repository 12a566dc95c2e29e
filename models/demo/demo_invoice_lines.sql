{{ config(materialized='view') }}

with

invoice_lines as (
    select * from {{ source('online_retail', 'invoice_lines') }}
),

final as (
    select
        invoice_no as invoice_id,
        starts_with(invoice_no, 'C') as is_cancellation,
        customer_id,
        {# a few invoices were keyed in over two minutes: their first is their time #}
        min(invoice_at) over (partition by invoice_no) as invoiced_at,
        stock_code,
        {# goods have a code that starts with a digit; postage, discounts, fees and vouchers do not #}
        regexp_matches(stock_code, '^[0-9]') as is_goods,
        trim(description) as product,
        quantity,
        cast(unit_price as double) as unit_price,
        cast(quantity * unit_price as double) as amount,
        case country
            when 'EIRE' then 'Ireland'
            when 'RSA' then 'South Africa'
            when 'Unspecified' then null
            else country
        end as country,
    from invoice_lines
    where customer_id is not null
)

select * from final
