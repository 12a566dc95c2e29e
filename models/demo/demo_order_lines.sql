with

invoice_lines as (
    select * from {{ ref('demo_invoice_lines') }}
),

final as (
    select
        invoice_id || '-' || row_number() over (
            partition by invoice_id
            order by stock_code, quantity, unit_price, product
        ) as order_line_id,
        invoice_id as order_id,
        customer_id,
        invoiced_at as ordered_at,
        stock_code,
        product,
        quantity,
        unit_price,
        amount,
    from invoice_lines
    where not is_cancellation and is_goods
)

select * from final
