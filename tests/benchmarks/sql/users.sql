create table app_users as
select
    cast(i as bigint) as user_id,
    (['GB', 'US', 'DE', 'FR', 'ES', 'IE'])[1 + cast(hash(i * 7 + 3) % 6 as integer)] as country
from range(1, {{ users }} + 1) as numbers(i)
