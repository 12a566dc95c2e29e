{% macro muster_features_model(features, relations) %}
    {%- set key = muster_identifier(features['key']['name']) -%}
    {%- set events = muster_events(features['source'], relations) -%}
    {%- set conditions = muster_scan_conditions(features) -%}
    {%- set ordered = features['aggregates'] | selectattr('function', 'in', ['first', 'last']) | selectattr('value', 'defined') | list -%}
    {%- set plain = features['aggregates'] | reject('in', ordered) | list -%}
    {%- if not ordered -%}
{{ muster_grouped_scan(features, plain, events, conditions) }}
    {%- elif ordered | length == 1 and not plain -%}
{{ muster_ordered_scan(features, ordered[0], events, conditions) }}
    {%- else -%}
with every_key as (
{{ muster_grouped_scan(features, plain, events, conditions) }}
)

select
    every_key.*
    {%- for aggregate in ordered %},
    ordered_{{ loop.index }}.{{ muster_identifier(aggregate['name']) }}
    {%- endfor %}
from every_key
    {%- for aggregate in ordered %}
left join (
{{ muster_ordered_scan(features, aggregate, events, conditions) }}
) as ordered_{{ loop.index }}
    on ordered_{{ loop.index }}.{{ key }} = every_key.{{ key }}
    {%- endfor %}
    {%- endif %}
{% endmacro %}


{% macro muster_grouped_scan(features, aggregates, events, conditions) %}
select
    {{ muster_key_expression(_muster_event_key(features), features['key']['type']) }} as {{ muster_identifier(features['key']['name']) }}
    {%- for aggregate in aggregates %},
    {{ muster_aggregate(aggregate, features['source']) }} as {{ muster_identifier(aggregate['name']) }}
    {%- endfor %}
from {{ events }}
where {{ conditions | join('\n    and ') }}
group by 1
{% endmacro %}


{% macro muster_ordered_scan(features, aggregate, events, conditions) %}
    {#- Ties of time go by event id, and then by the value, so that storage order decides nothing. -#}
    {%- set key = muster_identifier(features['key']['name']) -%}
    {%- set value = muster_operand(aggregate['value']) -%}
    {%- set at = features['source']['at'] -%}
    {%- set time = muster_utc(muster_column('events', at['column']), at['type'], at.get('timezone')) -%}
    {%- set id = features['source'].get('id') -%}
select {{ key }}, {{ muster_identifier(aggregate['name']) }}
from (
    select
        {{ muster_key_expression(_muster_event_key(features), features['key']['type']) }} as {{ key }},
        {{ value }} as {{ muster_identifier(aggregate['name']) }},
        row_number() over (
            partition by {{ muster_key_expression(_muster_event_key(features), features['key']['type']) }}
            order by
                {{ time }}{{ ' desc' if aggregate['function'] == 'last' }},
                {%- if id %}
                case when {{ muster_column('events', id) }} is null then 1 else 0 end,
                {{ muster_column('events', id) }},
                {%- endif %}
                {{ muster_binary_order(value) if aggregate['value']['type'] == 'string' else value }}
        ) as muster_row
    from {{ events }}
    where {{ conditions | join('\n        and ') }}
        and {{ value }} is not null
) as numbered
where muster_row = 1
{% endmacro %}


{% macro _muster_event_key(features) %}
    {{- return({'column': features['source']['key']}) -}}
{% endmacro %}


{% macro muster_scan_conditions(features) %}
    {%- set source = features['source'] -%}
    {%- set at = {'of': 'events', 'column': source['at']['column'], 'type': source['at']['type'], 'timezone': source['at'].get('timezone')} -%}
    {%- set as_of = {'ago': [0, 'day']} -%}
    {%- set window = features['window'] -%}
    {%- set conditions = [muster_identifier(source['key']) ~ ' is not null'] -%}
    {%- if source.get('event_name') and features['event'] is not none -%}
        {%- do conditions.append(muster_column('events', source['event_name']) ~ ' = ' ~ muster_string(features['event'])) -%}
    {%- endif -%}
    {%- do conditions.append(muster_during(at, {'from': window.get('from'), 'to': as_of}, features['timezone'])) -%}
    {%- if window.get('to') is not none -%}
        {%- do conditions.append(muster_during(at, {'to': window['to']}, features['timezone'])) -%}
    {%- endif -%}
    {%- if features['where'] is not none -%}
        {%- do conditions.append(muster_condition(features['where'], features['timezone'])) -%}
    {%- endif -%}
    {{- return(conditions) -}}
{% endmacro %}
