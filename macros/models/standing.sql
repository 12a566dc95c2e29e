{% macro muster_standing_model(audience, relations) %}
    {#-
        What each evaluation knows of each key that ever qualified: a row only where that changed, so the last row
        of a key is its state. A row without a key says that there was an evaluation; whoever qualified until the
        one before last qualified then. An evaluation of a time before the latest adds nothing, and one that is
        repeated starts again from what was known before it.
    -#}
    {%- set key = muster.muster_identifier(audience['key']) -%}
    {%- set instant = muster.muster_cast('null', 'timestamp') -%}
    {%- set as_of = muster.muster_cast(muster.muster_timestamp(muster.muster_as_of()), 'timestamp') -%}
with qualified as (
    select entity.{{ key }} as entity_key
    {{ muster.muster_qualified(audience, relations) | trim }}
),

{% if is_incremental() -%}
evaluations as (
    select
        coalesce(max(evaluation), 0) as evaluation,
        max(as_of) as latest,
        max(case when as_of < {{ as_of }} then as_of end) as previous
    from {{ this }}
),

recorded as (
    {{ muster.muster_last_states(this, '') | trim }}
),

earlier as (
    {{ muster.muster_last_states(this, 'as_of < ' ~ as_of) | trim }}
),
{%- else -%}
evaluations as (
    select 0 as evaluation, {{ instant }} as latest, {{ instant }} as previous
),

recorded as (
    select entity_key, false as qualified, false as blocked, {{ instant }} as member_since, {{ instant }} as last_qualified_at
    from qualified
    where false
),

earlier as (
    select entity_key, qualified, blocked, member_since, last_qualified_at
    from recorded
),
{%- endif %}

considered as (
    select
        coalesce(qualified.entity_key, recorded.entity_key) as entity_key,
        (qualified.entity_key is not null) as qualifies
    from qualified
    full outer join recorded
        on recorded.entity_key = qualified.entity_key
),

{{ muster.muster_standing_states(audience, as_of) }}

select
    states.entity_key,
    {{ as_of }} as as_of,
    {{ muster.muster_cast('evaluations.evaluation + 1', 'bigint') }} as evaluation,
    states.qualified,
    states.blocked,
    states.member_since,
    states.last_qualified_at
from states
left join recorded
    on recorded.entity_key = states.entity_key
cross join evaluations
where (evaluations.latest is null or evaluations.latest <= {{ as_of }})
    and (
        states.qualified <> coalesce(recorded.qualified, false)
        or states.blocked <> coalesce(recorded.blocked, false)
        or (states.member_since is null and recorded.member_since is not null)
        or (states.member_since is not null and recorded.member_since is null)
        or states.member_since <> recorded.member_since
    )
union all
select
    null as entity_key,
    {{ as_of }} as as_of,
    {{ muster.muster_cast('evaluations.evaluation + 1', 'bigint') }} as evaluation,
    {{ muster.muster_cast('null', 'boolean') }} as qualified,
    {{ muster.muster_cast('null', 'boolean') }} as blocked,
    {{ instant }} as member_since,
    {{ instant }} as last_qualified_at
from evaluations
where evaluations.latest is null or evaluations.latest < {{ as_of }}
{% endmacro %}


{% macro muster_standing_states(audience, as_of) %}
    {#- One step of the state machine for every key that is `considered`. -#}
    {%- set stay = audience.get('stay') -%}
    {%- set expire = audience.get('expire') -%}
compared as (
    select
        considered.entity_key,
        considered.qualifies,
        earlier.member_since,
        (considered.qualifies and coalesce(earlier.blocked, false)) as still_blocked,
        case
            when considered.qualifies then {{ muster.muster_cast('null', 'timestamp') }}
            when earlier.qualified then evaluations.previous
            else earlier.last_qualified_at
        end as last_qualified_at,
        {%- if expire is not none %}
        coalesce({{ muster.muster_later('earlier.member_since', expire[0], expire[1]) }} <= {{ as_of }}, false) as expires
        {%- else %}
        false as expires
        {%- endif %}
    from considered
    left join earlier
        on earlier.entity_key = considered.entity_key
    cross join evaluations
),

decided as (
    select
        entity_key,
        qualifies,
        case when expires then qualifies else still_blocked end as blocked,
        case when expires then {{ muster.muster_cast('null', 'timestamp') }} else member_since end as kept_since,
        last_qualified_at
    from compared
),

states as (
    select
        entity_key,
        qualifies as qualified,
        blocked,
        case
            when qualifies and not blocked then coalesce(kept_since, {{ as_of }})
            {%- if stay is not none %}
            when not qualifies and {{ muster.muster_later('last_qualified_at', stay[0], stay[1]) }} > {{ as_of }} then kept_since
            {%- endif %}
        end as member_since,
        last_qualified_at
    from decided
)
{%- endmacro %}


{% macro muster_last_states(standing, condition) %}
    {#- The last state of each key, of all rows or of those for which a condition holds. -#}
select entity_key, qualified, blocked, member_since, last_qualified_at
from (
    select
        entity_key,
        qualified,
        blocked,
        member_since,
        last_qualified_at,
        row_number() over (partition by entity_key order by evaluation desc) as muster_row
    from {{ standing }}
    where entity_key is not null
        {%- if condition %}
        and {{ condition }}
        {%- endif %}
) as numbered
where muster_row = 1
{% endmacro %}


{% macro muster_standing_members(audience, relations) %}
    {#- The FROM of the keys that are members by their state at the evaluation's instant, as far as they still exist. -#}
    {%- set key = muster.muster_identifier(audience['key']) -%}
    {%- set as_of = muster.muster_cast(muster.muster_timestamp(muster.muster_as_of()), 'timestamp') %}
from {{ relations['entity'] }} as entity
inner join (
    {{ muster.muster_last_states(relations['standing'], 'as_of <= ' ~ as_of) | trim }}
) as standing
    on standing.entity_key = entity.{{ key }}
where standing.member_since is not null
{% endmacro %}
