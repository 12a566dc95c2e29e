{% macro muster_export_view(view, part, destination, identifiers, relations) %}
    {#- A view of what a destination in the warehouse holds; `part` is audiences, people or memberships. -#}
create or replace view {{ view }} as
    {%- if part == 'audiences' %}
{{ muster.muster_export_audiences(destination, relations) }}
    {%- elif part == 'people' %}
{{ muster.muster_export_people(destination, identifiers, relations) }}
    {%- else %}
{{ muster.muster_export_memberships(destination, relations) }}
    {%- endif %}
{% endmacro %}


{% macro muster_export_drop(view) %}
drop view if exists {{ view }}
{% endmacro %}


{% macro muster_export_probe(view, part, identifiers) %}
    {#- Reads no row, and fails where the view has not the columns that it should have. -#}
select
    {%- for column in muster.muster_export_columns(part, identifiers) %}
    {{ muster.muster_identifier(column) }}{{ ',' if not loop.last }}
    {%- endfor %}
from {{ view }}
where 1 = 0
{% endmacro %}


{% macro muster_export_columns(part, identifiers) %}
    {%- set columns = {
        'audiences': ['id', 'name', 'description', 'entity'],
        'people': ['id', 'entity', 'entity_key'] + identifiers,
        'memberships': ['person_id', 'audience_id'],
    } -%}
    {{- return(columns[part]) -}}
{% endmacro %}


{% macro muster_export_audiences(destination, relations) %}
select
    audience as {{ muster.muster_identifier('id') }},
    remote_name as {{ muster.muster_identifier('name') }},
    {{ muster.muster_identifier('description') }},
    {{ muster.muster_identifier('entity') }}
from {{ relations['audiences'] }}
where {{ muster.muster_identifier('destination') }} = {{ muster.muster_string(destination) }}
{% endmacro %}


{% macro muster_export_memberships(destination, relations) %}
select
    {{ muster.muster_export_person() }} as {{ muster.muster_identifier('person_id') }},
    held.audience as {{ muster.muster_identifier('audience_id') }}
{{ muster.muster_export_held(destination, relations) }}
{% endmacro %}


{% macro muster_export_people(destination, identifiers, relations) %}
    {#- One row a person, whichever audiences it is in. Audiences may be sent different identifiers, and at
        different times, so each column has the newest value that there is. -#}
with held_texts as (
    select
        shown.entity,
        held.entity_key,
        held.audience,
        held.updated_at,
        {{ muster.muster_sync_readable_json('held.identifiers') }} as identifiers,
        {{ muster.muster_export_person() }} as person
    {{ muster.muster_export_held(destination, relations) }}
),

held_people as (
    select
        person,
        entity,
        entity_key,
        audience,
        {%- for identifier in identifiers %}
        {{ muster.muster_from_json('identifiers', [identifier], 'string', 'UTC') }} as value_{{ loop.index }},
        {%- endfor %}
        updated_at
    from held_texts
),

ranked_people as (
    select
        person,
        entity,
        entity_key
        {%- for identifier in identifiers %},
        value_{{ loop.index }},
        row_number() over (
            partition by entity, entity_key
            order by case when value_{{ loop.index }} is null then 1 else 0 end, updated_at desc, audience
        ) as rank_{{ loop.index }}
        {%- endfor %}
    from held_people
)

select
    person as {{ muster.muster_identifier('id') }},
    entity as {{ muster.muster_identifier('entity') }},
    entity_key as {{ muster.muster_identifier('entity_key') }}
    {%- for identifier in identifiers %},
    max(case when rank_{{ loop.index }} = 1 then value_{{ loop.index }} end) as {{ muster.muster_identifier(identifier) }}
    {%- endfor %}
from ranked_people
group by person, entity, entity_key
{% endmacro %}


{% macro muster_export_person() %}
    {#- Stable, and the same for no two people: keys are one entity's own. -#}
    {{- "shown.entity || ':' || held.entity_key" -}}
{% endmacro %}


{% macro muster_export_held(destination, relations) -%}
from {{ relations['state'] }} as held
inner join {{ relations['audiences'] }} as shown
    on shown.destination = held.destination
        and shown.audience = held.audience
where held.destination = {{ muster.muster_string(destination) }}
{%- endmacro %}
