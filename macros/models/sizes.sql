{% macro muster_audience_sizes_model(audiences, memberships) %}
select
    audiences.audience,
    audiences.entity,
    {{ muster.muster_cast(muster.muster_timestamp(muster.muster_as_of()), 'timestamp') }} as as_of,
    {{ muster.muster_cast(muster.muster_string(invocation_id), 'string') }} as invocation_id,
    {{ muster.muster_cast('coalesce(members.size, 0)', 'bigint') }} as size,
    audiences.digest
from {{ audiences }} as audiences
left join (
    select audience, count(*) as size
    from {{ memberships }}
    group by audience
) as members
    on members.audience = audiences.audience
{% endmacro %}


{% macro muster_audience_overlaps_model(memberships) %}
select
    one.audience,
    other.audience as other_audience,
    one.entity,
    {{ muster.muster_cast('count(*)', 'bigint') }} as size
from {{ memberships }} as one
inner join {{ memberships }} as other
    on other.entity = one.entity
    and other.entity_key = one.entity_key
    and other.audience <> one.audience
group by one.audience, other.audience, one.entity
{% endmacro %}
