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
    entity.{{ key }}
    {%- for criterion in criteria %},
    case when {{ criterion }}.{{ key }} is not null then 1 else 0 end as held_{{ loop.index }}
    {%- endfor %}
    {%- for column in columns %},
    {{ muster.muster_distance(column['value'], column['near']) if 'near' in column else muster.muster_column(column['of'], column['column']) }} as read_{{ loop.index }}
    {%- endfor %}
from {{ relations['entity'] }} as entity
{{- muster.muster_joined_relations(key, relations) }}
where {{ muster.muster_text('entity.' ~ key) }} = {{ muster.muster_string(value) }}
{% endmacro %}
