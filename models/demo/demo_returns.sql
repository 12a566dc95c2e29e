with

invoice_lines as (
    select * from {{ ref('demo_invoice_lines') }}
),

final as (
    select
        invoice_id as return_id,
        customer_id,
        invoiced_at as returned_at,
        -sum(amount) as amount,
        -sum(quantity) as items,
    from invoice_lines
    where is_cancellation and is_goods
    group by invoice_id, customer_id, invoiced_at
)

select * from final
