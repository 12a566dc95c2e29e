{% macro muster_features_model(features, relations) %}
    {%- set events = muster.muster_events(features['source'], relations) ~ muster.muster_outside_relations(features, relations) -%}
    {%- set only = features['aggregates'][0] -%}
    {%- if only['function'] in ['first', 'last'] and 'value' in only -%}
{{ muster.muster_ordered_values(only, features, events) }}
    {%- elif only['function'] == 'most_frequent' -%}
{{ muster.muster_frequent_values(only, features, events) }}
    {%- elif only['function'] == 'unique_list' -%}
{{ muster.muster_listed_values(only, features, events) }}
    {%- else -%}
{{ muster.muster_grouped_values(features, events) }}
    {%- endif %}
{% endmacro %}


{% macro muster_grouped_values(features, events) %}
    {%- set widest = muster.muster_widest_start(features) -%}
    {%- set conditions = muster.muster_event_conditions(features, widest) -%}
    {%- set filters = [] -%}
    {%- for aggregate in features['aggregates'] -%}
        {%- do filters.append(muster.muster_aggregate_condition(aggregate, features, widest)) -%}
    {%- endfor -%}
    {%- set shared = filters | unique | list | length == 1 -%}
    {%- if shared and filters[0] -%}
        {%- do conditions.append(filters[0]) -%}
    {%- endif -%}
select
    {{ muster.muster_event_key(features) }} as {{ muster.muster_identifier(features['key']['name']) }}
    {%- for aggregate in features['aggregates'] %},
    {{ muster.muster_aggregate(aggregate, features['source'], '' if shared else filters[loop.index0]) }} as {{ muster.muster_identifier(aggregate['name']) }}
    {%- endfor %}
from {{ events }}
where {{ conditions | join('\n    and ') }}
group by 1
{% endmacro %}


{% macro muster_ordered_values(aggregate, features, events) %}
    {#- Ties of time go by event id, and then by the value, so that storage order decides nothing. -#}
    {%- set key = muster.muster_identifier(features['key']['name']) -%}
    {%- set value = muster.muster_operand(aggregate['value']) -%}
    {%- set at = features['source']['at'] -%}
    {%- set id = features['source'].get('id') -%}
    {%- set widest = muster.muster_widest_start(features) -%}
    {%- set filter = muster.muster_aggregate_condition(aggregate, features, widest) -%}
select
    {{ key }},
    {{ muster.muster_identifier(aggregate['name']) }}
from (
    select
        {{ muster.muster_event_key(features) }} as {{ key }},
        {{ value }} as {{ muster.muster_identifier(aggregate['name']) }},
        row_number() over (
            partition by {{ muster.muster_event_key(features) }}
            order by
                {{ muster.muster_utc(muster.muster_column('events', at['column']), at['type'], at.get('timezone')) }}{{ ' desc' if aggregate['function'] == 'last' }},
                {%- if id %}
                case when {{ muster.muster_column('events', id) }} is null then 1 else 0 end,
                {{ muster.muster_tie_order(muster.muster_column('events', id), 'unknown') }},
                {%- endif %}
                {{ muster.muster_tie_order(value, aggregate['value']['type']) }}
        ) as muster_row
    from {{ events }}
    where {{ muster.muster_event_conditions(features, widest) | join('\n        and ') }}
        {%- if filter %}
        and {{ filter }}
        {%- endif %}
        and {{ value }} is not null
) as numbered
where muster_row = 1
{% endmacro %}


{% macro muster_event_key(features) %}
    {%- if features['source'].get('aliases') -%}
        {{- 'events.muster_key' -}}
    {%- else -%}
        {{- muster.muster_key_expression('events', features['source']['key'], features['key']['type']) -}}
    {%- endif -%}
{% endmacro %}


{% macro muster_event_conditions(features, widest) %}
    {#- What every aggregate of the table shares: events at or after as_of do not exist, nor do any before the
        widest window, and nobody counts without a key. -#}
    {%- set source = features['source'] -%}
    {%- set conditions = [muster.muster_column('events', source['key']) ~ ' is not null'] -%}
    {%- set erasures = muster.muster_erasures() -%}
    {%- if erasures -%}
        {%- do conditions.append(muster.muster_not_erased(erasures, features['entity'], muster.muster_event_key(features))) -%}
    {%- endif -%}
    {%- if source.get('event_name') and features['event'] is not none -%}
        {%- do conditions.append(muster.muster_column('events', source['event_name']) ~ ' = ' ~ muster.muster_string(features['event'])) -%}
    {%- endif -%}
    {%- set window = {'to': {'ago': [0, 'day']}} if widest is none else {'from': widest, 'to': {'ago': [0, 'day']}} -%}
    {%- do conditions.append(muster.muster_during(muster.muster_event_time(source), window, features['timezone'])) -%}
    {{- return(conditions) -}}
{% endmacro %}


{% macro muster_event_time(source) %}
    {{- return({'of': 'events', 'column': source['at']['column'], 'type': source['at']['type'], 'timezone': source['at'].get('timezone')}) -}}
{% endmacro %}


{% macro muster_widest_start(features) %}
    {#- The start of the widest window, as a point; none where an aggregate looks at all of time. -#}
    {%- set points = [] -%}
    {%- for aggregate in features['aggregates'] -%}
        {%- set start = aggregate.get('window', {}).get('from') -%}
        {%- set asked = aggregate.get('starts', []) if start is none else [start] -%}
        {%- if not asked -%}
            {{- return(none) -}}
        {%- endif -%}
        {%- for point in asked -%}
            {%- do points.append(muster.muster_instant(point, features['timezone']).isoformat()) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{- return({'at': points | min}) -}}
{% endmacro %}
