create table people as
select
    i as customer_id,
    'GB' as country,
    'Person.' || i || '@example.com' as email,
    'x-' || i as external_id
from range({{ members }}) as numbers(i)
