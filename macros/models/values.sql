{% macro muster_frequent_values(aggregate, features, events) %}
    {#- The value that most events have; of several, the smallest, so that storage order decides nothing. -#}
    {%- set key = muster.muster_identifier(features['key']['name']) -%}
    {%- set name = muster.muster_identifier(aggregate['name']) -%}
select
    {{ key }},
    {{ name }}
from (
    select
        {{ key }},
        {{ name }},
        row_number() over (
            partition by {{ key }}
            order by muster_events desc, {{ muster._muster_value_order(name, aggregate) }}
        ) as muster_row
    from ({{ muster._muster_counted_values(aggregate, features, events) }}) as counted
) as numbered
where muster_row = 1
{% endmacro %}


{% macro muster_listed_values(aggregate, features, events) %}
    {%- set key = muster.muster_identifier(features['key']['name']) -%}
    {%- set name = muster.muster_identifier(aggregate['name']) -%}
select
    {{ key }},
    {{ muster.muster_sorted_list(name, 'muster_row') }} as {{ name }}
from (
    select
        {{ key }},
        {{ name }},
        row_number() over (
            partition by {{ key }}
            order by {{ muster._muster_value_order(name, aggregate) }}
        ) as muster_row
    from ({{ muster._muster_counted_values(aggregate, features, events) }}) as counted
) as numbered
where muster_row <= {{ muster.muster_number(aggregate['limit']) }}
group by {{ key }}
{% endmacro %}


{% macro _muster_counted_values(aggregate, features, events) %}
    {%- set value = muster.muster_operand(aggregate['value']) -%}
    {%- set widest = muster.muster_widest_start(features) -%}
    {%- set filter = muster.muster_aggregate_condition(aggregate, features, widest) %}
        select
            {{ muster.muster_event_key(features) }} as {{ muster.muster_identifier(features['key']['name']) }},
            {{ muster.muster_text(value) if aggregate['function'] == 'unique_list' else value }} as {{ muster.muster_identifier(aggregate['name']) }},
            count(*) as muster_events
        from {{ events }}
        where {{ muster.muster_event_conditions(features, widest) | join('\n            and ') }}
            {%- if filter %}
            and {{ filter }}
            {%- endif %}
            and {{ value }} is not null
        group by 1, 2
    {% endmacro %}


{% macro _muster_value_order(name, aggregate) %}
    {%- set is_text = aggregate['function'] == 'unique_list' or aggregate['value']['type'] == 'string' -%}
    {{- muster.muster_binary_order(name) if is_text else name -}}
{% endmacro %}


{% macro muster_outside_relations(features, relations) %}
    {#- What events are compared with: the entity that they are of, and what its traits are made from. -#}
    {%- if relations.get('entity') -%}
    {%- set key = muster.muster_identifier(features['key']['name']) %}
inner join {{ relations['entity'] }} as entity
    on entity.{{ key }} = {{ muster.muster_event_key(features) }}
    {%- for alias, relation in relations | items if alias not in ['entity', 'events', 'repeated', 'aliases'] %}
left join {{ relation }} as {{ alias }}
    on {{ alias }}.{{ key }} = entity.{{ key }}
    {%- endfor -%}
    {%- endif -%}
{% endmacro %}
