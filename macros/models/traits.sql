{% macro muster_traits_model(traits, relations) %}
    {%- set key = muster.muster_identifier(traits['key']) -%}
select
    entity.{{ key }}
    {%- for trait in traits['traits'] %},
    {{ muster.muster_operand(trait['value']) }} as {{ muster.muster_identifier(trait['name']) }}
    {%- endfor %}
from {{ relations['entity'] }} as entity
{{ muster.muster_joined_relations(key, relations) }}
{% endmacro %}


{% macro muster_joined_relations(key, relations) %}
    {%- for alias, relation in relations | items if alias != 'entity' %}
left join {{ relation }} as {{ alias }}
    on {{ alias }}.{{ key }} = entity.{{ key }}
    {%- endfor -%}
{% endmacro %}
