{% macro muster_aggregate(aggregate, source, only) %}
    {%- set function = aggregate['function'] -%}
    {%- if function == 'count' -%}
        {{- 'count(case when ' ~ only ~ ' then 1 end)' if only else 'count(*)' -}}
    {%- elif 'value' not in aggregate -%}
        {%- set at = source['at'] -%}
        {%- set time = muster.muster_utc(muster.muster_column('events', at['column']), at['type'], at.get('timezone')) -%}
        {{- ('min(' if function == 'first' else 'max(') ~ muster.muster_only(time, only) ~ ')' -}}
    {%- else -%}
        {%- set value = muster.muster_operand(aggregate['value']) -%}
        {%- set type = aggregate['value']['type'] -%}
        {%- if function == 'distinct' -%}
            {{- 'count(distinct ' ~ muster.muster_only(value, only) ~ ')' -}}
        {%- elif function == 'sum' -%}
            {{- 'coalesce(sum(' ~ muster.muster_only(muster.muster_exact(value, type), only) ~ '), 0)' -}}
        {%- elif function == 'average' -%}
            {%- set total = 'sum(' ~ muster.muster_only(muster.muster_exact(value, type), only) ~ ')' -%}
            {{- muster.muster_cast(total, 'double') ~ ' / nullif(count(' ~ muster.muster_only(value, only) ~ '), 0)' -}}
        {%- else -%}
            {{- function ~ '(' ~ muster.muster_only(value, only) ~ ')' -}}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}


{% macro muster_only(value, condition) %}
    {{- 'case when ' ~ condition ~ ' then ' ~ value ~ ' end' if condition else value -}}
{% endmacro %}


{% macro muster_aggregate_condition(aggregate, features, widest) %}
    {#- What one aggregate asks for beyond what its table does; empty where that is nothing. -#}
    {%- set conditions = [] -%}
    {%- set window = aggregate.get('window', {}) -%}
    {%- set start = window.get('from') -%}
    {%- set shared = start is not none and widest is not none
        and muster.muster_instant(start, features['timezone']) == muster.muster_instant(widest, features['timezone']) -%}
    {%- set asked = {} -%}
    {%- if start is not none and not shared -%}
        {%- do asked.update({'from': start}) -%}
    {%- endif -%}
    {%- if window.get('to') is not none -%}
        {%- do asked.update({'to': window['to']}) -%}
    {%- endif -%}
    {%- if asked -%}
        {%- do conditions.append(muster.muster_during(muster.muster_event_time(features['source']), asked, features['timezone'])) -%}
    {%- endif -%}
    {%- if aggregate.get('where') is not none -%}
        {%- do conditions.append(muster.muster_condition(aggregate['where'], features['timezone'])) -%}
    {%- endif -%}
    {{- conditions | join(' and ') -}}
{% endmacro %}


{% macro muster_exact(value, type) %}
    {#- Floating-point sums depend on the order of the rows; decimal ones do not, and meet a threshold exactly. -#}
    {{- value if type == 'integer' else muster.muster_cast(value, 'number') -}}
{% endmacro %}
