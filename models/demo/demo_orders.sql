with

invoice_lines as (
    select * from {{ ref('demo_invoice_lines') }}
),

final as (
    select
        invoice_id as order_id,
        customer_id,
        invoiced_at as ordered_at,
        any_value(country) as country,
        sum(amount) as amount,
        sum(case when is_goods then quantity else 0 end) as items,
        count(distinct case when is_goods then stock_code end) as products,
    from invoice_lines
    where not is_cancellation
    group by invoice_id, customer_id, invoiced_at
)

select * from final
