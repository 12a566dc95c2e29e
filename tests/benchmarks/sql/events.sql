{# A product's events: skewed over people and kinds, over the two years before the evaluation. Nothing in it is left
   to chance, so that every run measures the same data. #}
create table app_events as
with drawn as (
    select
        i,
        (hash(i) % 1000000) / 1e6 as person,
        (hash(i + 1000000007) % 1000000) / 1e6 as kind,
        (hash(i * 3 + 17) % 1000000) / 1e6 as size,
        (hash(i * 5 + 11) % 1000) / 1e3 as place,
        hash(i * 7 + 1) as quantity
    from range({{ events }}) as numbers(i)
)

select
    cast(1 + floor(power(person, 1.6) * {{ users }} * 1.01) as bigint) as user_id,
    timestamp '{{ as_of }}' - to_microseconds(cast((1 - i / {{ events }}) * 730 * 86400e6 as bigint)) as happened_at,
    case
        when kind < .34 then 'page_view'
        when kind < .52 then 'product_view'
        when kind < .64 then 'session_start'
        when kind < .73 then 'add_to_cart'
        when kind < .80 then 'search'
        when kind < .86 then 'email_open'
        when kind < .91 then 'purchase'
        when kind < .94 then 'checkout_started'
        when kind < .965 then 'wishlist_add'
        when kind < .98 then 'review_written'
        when kind < .992 then 'support_ticket'
        else 'refund'
    end as event_name,
    cast(5 + floor(power(size, 3) * 40000) / 100 as decimal(12, 2)) as amount,
    (['web', 'ios', 'android', 'email', 'store', 'partner'])[
        1 + least(5, cast(floor(place * place * 6) as integer))
    ] as channel,
    cast(1 + quantity % 5 as integer) as quantity
from drawn
order by {{ 'i' if layout == 'in time order' else 'hash(i)' }}
