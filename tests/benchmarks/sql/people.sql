create table people as
select
    i as customer_id,
    cast('GB' as varchar) as country,
    'Person.' || i || '@example.com' as email,
    '+44 7' || lpad(cast(i as varchar), 9, '0') as phone,
    'x-' || i as external_id
from {{ numbers }} as numbers(i)
