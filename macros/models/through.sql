{% macro muster_through_model(link, relations) %}
    {#- Who names, by its key, something for which the conditions hold. -#}
    {%- set key = muster.muster_identifier(link['key']) -%}
select
    entity.{{ key }}
from {{ relations['entity'] }} as entity
{{ muster.muster_joined_aliases(link, relations) -}}
inner join {{ relations['holding'] }} as holding
    on holding.{{ muster.muster_identifier(link['named']['key']) }} = {{ muster.muster_named_key(link) }}
{% endmacro %}


{% macro muster_related_model(link, relations) %}
    {#- For each key that is named: how many of those that name it the conditions hold for. -#}
    {%- set key = muster.muster_identifier(link['key']) -%}
select
    {{ muster.muster_named_key(link) }} as {{ muster.muster_identifier(link['named']['key']) }},
    count(*) as members
from {{ relations['entity'] }} as entity
inner join {{ relations['holding'] }} as holding
    on holding.{{ key }} = entity.{{ key }}
{{ muster.muster_joined_aliases(link, relations) -}}
where entity.{{ muster.muster_identifier(link['through']) }} is not null
group by 1
{% endmacro %}


{% macro muster_named_key(link) %}
    {%- set written = muster.muster_key_expression('entity', link['through'], link['named']['type']) -%}
    {{- 'coalesce(aliases.canonical_key, ' ~ written ~ ')' if link.get('aliases') else written -}}
{% endmacro %}


{% macro muster_joined_aliases(link, relations) %}
    {%- if link.get('aliases') -%}
left join {{ relations['aliases'] }} as aliases
    on aliases.alias_key = {{ muster.muster_key_expression('entity', link['through'], link['named']['type']) }}
{% endif -%}
{% endmacro %}
