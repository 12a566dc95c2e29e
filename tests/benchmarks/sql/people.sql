create table people as
select
    i as customer_id,
    'GB' as country,
    'Person.' || i || '@example.com' as email,
    '+44 7' || lpad(cast(i as varchar), 9, '0') as phone,
    'x-' || i as external_id
from range({{ members }}) as numbers(i)
