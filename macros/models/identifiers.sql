{% macro muster_identifiers_model(entity, relations) %}
    {#- One row for each value of the identifiers of which somebody may have several. Who is not in the entity's table,
        such as whoever was erased, has none. -#}
select distinct
    entity_key,
    identifier,
    value
from (
    {%- for identifier in entity['identifiers'] %}
    {{ 'union all' if not loop.first }}
    {{ muster._muster_values_in_table(entity, identifier, relations) if 'relation' in identifier else muster._muster_values_in_list(entity, identifier, relations) }}
    {%- endfor %}
) as written
where value is not null
    and entity_key in (
        select {{ muster.muster_text(muster.muster_identifier(entity['key']['name'])) }}
        from {{ relations['entity'] }}
    )
{% endmacro %}


{% macro _muster_values_in_list(entity, identifier, relations) %}
    select
        {{ muster.muster_text('entity.' ~ muster.muster_identifier(entity['key']['name'])) }} as entity_key,
        {{ muster.muster_text(muster.muster_string(identifier['name'])) }} as identifier,
        {{ muster.muster_item() }} as value
    from {{ relations['entity'] }} as entity
    {{ muster.muster_each_item('entity.' ~ muster.muster_identifier('identifier__' ~ identifier['name'])) }}
{%- endmacro %}


{% macro _muster_values_in_table(entity, identifier, relations) %}
    {#- The key of a row may be an alias, as an event's may. -#}
    {%- set own = {'key': {'column': identifier['key'], 'type': entity['key']['type']}} -%}
    {%- set table = relations[identifier['relation']] -%}
    {%- set key = muster.muster_key_expression(none, identifier['key'], entity['key']['type']) -%}
    select
        {{ muster.muster_text('muster_key' if entity.get('aliases') else key) }} as entity_key,
        {{ muster.muster_text(muster.muster_string(identifier['name'])) }} as identifier,
        {{ muster.muster_text(muster.muster_identifier(identifier['column'])) }} as value
    from {{ muster.muster_canonical_rows(own, {'entity': table, 'aliases': relations['aliases']}) if entity.get('aliases') else table }}
{%- endmacro %}
