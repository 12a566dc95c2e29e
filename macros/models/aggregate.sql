{% macro muster_aggregate(aggregate, source) %}
    {%- set function = aggregate['function'] -%}
    {%- if function == 'count' -%}
        {{- return('count(*)') -}}
    {%- elif 'value' not in aggregate -%}
        {%- set at = source['at'] -%}
        {%- set time = muster_utc(muster_column('events', at['column']), at['type'], at.get('timezone')) -%}
        {{- return(('min(' if function == 'first' else 'max(') ~ time ~ ')') -}}
    {%- endif -%}
    {%- set value = muster_operand(aggregate['value']) -%}
    {%- set type = aggregate['value']['type'] -%}
    {%- if function == 'distinct' -%}
        {{- return('count(distinct ' ~ value ~ ')') -}}
    {%- elif function == 'sum' -%}
        {{- return('coalesce(sum(' ~ muster_exact(value, type) ~ '), 0)') -}}
    {%- elif function == 'average' -%}
        {{- return(muster_cast('sum(' ~ muster_exact(value, type) ~ ')', 'double') ~ ' / nullif(count(' ~ value ~ '), 0)') -}}
    {%- endif -%}
    {{- return(function ~ '(' ~ (muster_binary_order(value) if type == 'string' else value) ~ ')') -}}
{% endmacro %}


{% macro muster_exact(value, type) %}
    {#- Floating-point sums depend on the order of the rows; decimal ones do not, and meet a threshold exactly. -#}
    {{- return(value if type == 'integer' else muster_cast(value, 'number')) -}}
{% endmacro %}
