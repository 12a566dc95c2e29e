{% macro muster_audience_model(audience, relations) %}
    {%- set key = muster_identifier(audience['key']) -%}
select
    entity.{{ key }}
from {{ relations['entity'] }} as entity
{{- muster_joined_relations(key, relations) }}
where {{ muster_condition(audience['criteria'], audience['timezone']) }}
{% endmacro %}
