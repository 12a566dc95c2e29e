{% macro muster_audience_model(audience, relations) %}
    {%- set key = muster.muster_identifier(audience['key']) -%}
select
    entity.{{ key }}
from {{ relations['entity'] }} as entity
{{- muster.muster_joined_relations(key, relations) }}
where {{ muster.muster_condition(audience['criteria'], audience['timezone']) }}
{% endmacro %}
