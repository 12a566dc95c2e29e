{% macro muster_membership_changes_model(memberships, sizes, audiences) %}
    {#-
        The log is its own record of who was a member at the last evaluation: entries and exits of a key take
        turns, so whoever has one more entry than exits is in. A run whose as_of lies before an evaluation that
        is already recorded adds nothing: a log that only grows cannot be told of the past any more.
    -#}
    {%- set as_of = muster.muster_cast(muster.muster_timestamp(muster.muster_as_of()), 'timestamp') -%}
with members as (
    select audience, entity, entity_key
    from {{ memberships }}
),

{%- if is_incremental() %}

recorded as (
    select audience, entity, entity_key
    from {{ this }}
    group by audience, entity, entity_key
    having sum(case when change = 'entered' then 1 else -1 end) > 0
),

changed as (
    select
        coalesce(members.audience, recorded.audience) as audience,
        coalesce(members.entity, recorded.entity) as entity,
        coalesce(members.entity_key, recorded.entity_key) as entity_key,
        case when recorded.entity_key is null then 'entered' else 'exited' end as change
    from members
    full outer join recorded
        on recorded.audience = members.audience
        and recorded.entity = members.entity
        and recorded.entity_key = members.entity_key
    where members.entity_key is null or recorded.entity_key is null
),

latest as (
    select max(as_of) as as_of
    from {{ sizes }}
)

{%- else %}

changed as (
    select audience, entity, entity_key, 'entered' as change
    from members
)

{%- endif %}

select
    changed.audience,
    changed.entity,
    changed.entity_key,
    {{ muster.muster_text('changed.change') }} as change,
    {{ as_of }} as as_of,
    {{ muster.muster_cast(muster.muster_string(invocation_id), 'string') }} as invocation_id,
    audiences.digest
from changed
left join {{ audiences }} as audiences
    on audiences.audience = changed.audience
{%- if is_incremental() %}
cross join latest
where latest.as_of is null or latest.as_of <= {{ as_of }}
{%- endif %}
{% endmacro %}
