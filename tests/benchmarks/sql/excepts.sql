{% set members %}
select cast(fans.customer_id as varchar) as entity_key, '{"email":"' || sha256(lower(trim(people.identifier__email))) || '"}' as identifiers
from fans
inner join people on people.customer_id = fans.customer_id
{% endset %}
{% set held %}
select entity_key, identifiers
from muster_sync_state
where destination = 'exports' and audience = 'fans'
{% endset %}
create or replace table {{ side }} as
{% if side == 'added' %}
{{ members }} except {{ held }}
{% else %}
{{ held }} except {{ members }}
{% endif %}
