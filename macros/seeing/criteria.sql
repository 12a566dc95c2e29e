{#- `muster preview` and `muster explain` ask these; they write nothing, and read models that need not be built. -#}

{% macro muster_with_models(models, query) %}
with
{%- for name, model in models | items %}
{{ muster.muster_identifier(name) }} as (
{{ model }}
){{ ',' if not loop.last }}
{%- endfor %}
{{ query }}
{% endmacro %}


{% macro muster_criteria_counts(key_name, relations, counts) %}
    {%- set key = muster.muster_identifier(key_name) -%}
select
    count(*) as population
    {%- for count in counts %},
    count(case when {{ muster.muster_criteria_held(key, count) }} then 1 end) as counted_{{ loop.index }}
    {%- endfor %}
from {{ relations['entity'] }} as entity
{{- muster.muster_joined_relations(key, relations) }}
{% endmacro %}


{% macro muster_criteria_held(key, count) %}
    {#- Each criterion is a model with the keys that it holds for, so that it is true where a key was joined. -#}
    {%- set conditions = [] -%}
    {%- for criterion in count['holds'] -%}
        {%- do conditions.append(criterion ~ '.' ~ key ~ ' is not null') -%}
    {%- endfor -%}
    {%- for criterion in count['fails'] -%}
        {%- do conditions.append(criterion ~ '.' ~ key ~ ' is null') -%}
    {%- endfor -%}
    {{- conditions | join(' and ') if conditions else '1 = 1' -}}
{% endmacro %}


{% macro muster_sample_keys(key_name, relation, size) %}
    {%- set key = muster.muster_identifier(key_name) -%}
select {{ key }}
from {{ relation }}
order by {{ key }}
limit {{ muster.muster_number(size) }}
{% endmacro %}


{% macro muster_criteria_of_key(key_name, value, relations, criteria, columns) %}
    {#- Keys are compared as text, so that whatever a person types is a key that is there or not. -#}
    {%- set key = muster.muster_identifier(key_name) -%}
select
    {{ muster.muster_text('entity.' ~ key) }} as entity_key
    {{- muster.muster_criteria_flags(key, criteria) }}
    {%- for column in columns %},
    {{ muster.muster_value_of_key(column, value) | trim }} as read_{{ loop.index }}
    {%- endfor %}
from {{ relations['entity'] }} as entity
{{- muster.muster_joined_relations(key, relations) }}
where {{ muster.muster_text('entity.' ~ key) }} = {{ muster.muster_string(value) }}
{% endmacro %}


{% macro muster_criteria_flags(key, criteria) %}
    {%- for criterion in criteria %},
    case when {{ criterion }}.{{ key }} is not null then 1 else 0 end as held_{{ loop.index }}
    {%- endfor %}
{%- endmacro %}


{% macro muster_value_of_key(column, value) %}
    {%- if 'near' in column -%}
        {{- muster.muster_distance(column['value'], column['near']) -}}
    {%- elif 'link' in column -%}
        {{- muster.muster_key_named_by(column['link'], column['relations'], value) -}}
    {%- else -%}
        {{- muster.muster_column(column['of'], column['column']) -}}
    {%- endif -%}
{% endmacro %}


{% macro muster_key_named_by(link, relations, value) %}
    {#- The key as it is written, or where the table of the named is given, as it stands there. -#}
    {%- set named = 'named.' ~ muster.muster_identifier(link['named']['key']) -%}
(
    select {{ muster.muster_text(named if 'named' in relations else muster.muster_named_key(link)) }}
    from {{ relations['entity'] }} as entity
    {%- if link.get('aliases') %}
    {{ muster.muster_joined_aliases(link, relations) | trim }}
    {%- endif %}
    {%- if 'named' in relations %}
    inner join {{ relations['named'] }} as named
        on {{ named }} = {{ muster.muster_named_key(link) }}
    {%- endif %}
    where {{ muster.muster_text('entity.' ~ muster.muster_identifier(link['key'])) }} = {{ muster.muster_string(value) }}
)
{%- endmacro %}


{% macro muster_criteria_of_related(key, link, value, relations, criteria, asked, most) %}
    {#- Of those who name a key the smallest keys for which something holds, and does not; on each row, how many there are. -#}
    {%- set own = muster.muster_identifier(key['name']) -%}
    {%- set named = muster.muster_identifier(link['named']['key']) -%}
select
    {{ muster.muster_text('related_key') }} as shown_key,
    related
    {%- for criterion in criteria %},
    counted_{{ loop.index }}
    {%- endfor %}
    {%- for place in asked %},
    held_{{ place }},
    place_{{ place }}
    {%- endfor %}
from (
    select
        found.*,
        count(*) over () as related
        {%- for criterion in criteria %},
        sum(held_{{ loop.index }}) over () as counted_{{ loop.index }}
        {%- endfor %}
        {%- for place in asked %},
        row_number() over (
            partition by held_{{ place }}
            order by {{ muster.muster_tie_order('related_key', key['type']) }}
        ) as place_{{ place }}
        {%- endfor %}
    from (
        select
            entity.{{ own }} as related_key
            {{- muster.muster_criteria_flags(own, criteria) }}
        from {{ relations['entity'] }} as entity
        {%- if link.get('aliases') %}
        {{ muster.muster_joined_aliases(link, link['relations']) | trim }}
        {%- endif %}
        inner join {{ link['relations']['named'] }} as named
            on named.{{ named }} = {{ muster.muster_named_key(link) }}
        {{- muster.muster_joined_relations(own, relations) }}
        where {{ muster.muster_text('named.' ~ named) }} = {{ muster.muster_string(value) }}
    ) as found
) as counted
where {% for place in asked %}{{ ' or ' if not loop.first }}place_{{ place }} <= {{ muster.muster_number(most) }}{% endfor %}
order by {{ muster.muster_tie_order('related_key', key['type']) }}
{% endmacro %}


{% macro muster_key_of_alias(aliases, value) %}
select {{ muster.muster_text('canonical_key') }} as canonical_text
from {{ aliases }}
where {{ muster.muster_text('alias_key') }} = {{ muster.muster_string(value) }}
{% endmacro %}


{% macro muster_erasure_of_key(erasures, entity, key) %}
select min(erased.erased_at) as erased_at
from {{ erasures }} as erased
where erased.entity = {{ muster.muster_string(entity) }}
    and erased.key_hash = {{ muster.muster_erased_hash(muster.muster_string(entity ~ ':'), muster.muster_text(muster.muster_string(key))) }}
{% endmacro %}


{% macro muster_standing_of_key(standing, key) %}
    {#- One row: the last evaluation, and the state of the key at it, if it has one. -#}
    {%- set condition = 'as_of <= ' ~ muster.muster_cast(muster.muster_timestamp(muster.muster_as_of()), 'timestamp') -%}
select
    evaluations.evaluated_at,
    states.qualified,
    states.blocked,
    states.member_since,
    states.last_qualified_at
from (
    select max(as_of) as evaluated_at
    from {{ standing }}
    where {{ condition }}
) as evaluations
left join (
    {{ muster.muster_last_states(standing, condition) | trim }}
) as states
    on {{ muster.muster_text('states.entity_key') }} = {{ muster.muster_string(key) }}
{% endmacro %}
