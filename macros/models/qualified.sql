{% macro muster_qualified(audience, relations) %}
    {#- The FROM and WHERE of those for whom the criteria hold, within the limit; the entity at hand is `entity`. -#}
    {%- set key = muster.muster_identifier(audience['key']) -%}
    {%- set limit = audience.get('limit') -%}
    {%- set condition = muster.muster_condition(audience['criteria'], audience['timezone']) -%}
    {%- if limit is none %}
from {{ relations['entity'] }} as entity
{{- muster.muster_joined_relations(key, relations) }}
where {{ condition }}
    {%- else -%}
        {%- set by = muster.muster_operand(limit['by']) -%}
        {%- set tie = 'entity.' ~ key %}
from (
    select
        entity.{{ key }},
        row_number() over (
            order by
                {{ by }}{{ ' desc' if not limit.get('ascending', false) }},
                {{ muster.muster_tie_order(tie, limit['key_type']) }}
        ) as muster_row
    from {{ relations['entity'] }} as entity
    {{- muster.muster_joined_relations(key, relations) }}
    where {{ by }} is not null
        and {{ condition }}
) as entity
where entity.muster_row <= {{ muster.muster_number(limit['top']) }}
    {%- endif -%}
{% endmacro %}
