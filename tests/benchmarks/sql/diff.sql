{# A destination holds the members with the keys 1 to n; of them one in two hundred has gone, and as many have come. #}
{% if part == 'people' %}
create table people as
select i as customer_id, 'Person.' || i || '@example.com' as identifier__email
from range(1, {{ members }} + {{ members }} // 200 + 1) as numbers(i)
{% elif part == 'fans' %}
create table fans as
select customer_id
from people
where customer_id > {{ members }} or customer_id % 200 <> 0
{% else %}
create table muster_sync_state as
with sent as (
    select customer_id, sha256(lower(identifier__email)) as email
    from people
    where customer_id <= {{ members }}
)

select
    'exports' as destination,
    'fans' as audience,
    cast(customer_id as varchar) as entity_key,
    md5('{"email":"' || email || '"}') as fingerprint,
    '{"email":"' || email || '"}' as identifiers,
    true as confirmed,
    'run' as run_id,
    timestamp '2026-11-01' as updated_at
from sent
{% endif %}
