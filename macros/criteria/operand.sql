{% macro muster_operand(operand) %}
    {%- if 'literal' in operand -%}
        {%- if operand['type'] == 'string' -%}
            {{- muster.muster_string(operand['literal']) -}}
        {%- elif operand['type'] == 'boolean' -%}
            {{- muster.muster_boolean(operand['literal']) -}}
        {%- else -%}
            {{- muster.muster_number(operand['literal']) -}}
        {%- endif -%}
    {%- elif 'how_many' in operand -%}
        {{- muster.muster_how_many(operand) -}}
    {%- elif 'call' in operand -%}
        {{- muster.muster_expression(operand) -}}
    {%- elif 'days_since' in operand -%}
        {{- muster.muster_days_since(operand) -}}
    {%- elif 'rate' in operand -%}
        {{- muster.muster_rate(operand) -}}
    {%- elif 'share' in operand -%}
        {{- muster.muster_share(operand) -}}
    {%- elif operand['type'] == 'location' -%}
        {#- There is a place where there are both of its numbers. -#}
        {%- set latitude = muster.muster_column(operand.get('of'), operand['latitude']) -%}
        {%- set longitude = muster.muster_column(operand.get('of'), operand['longitude']) -%}
        {{- 'case when ' ~ latitude ~ ' is not null then ' ~ longitude ~ ' end' -}}
    {%- else -%}
        {%- set column = muster.muster_column(operand.get('of'), operand['column']) -%}
        {%- if 'path' in operand -%}
            {{- muster.muster_from_json(column, operand['path'], operand['type'], operand.get('timezone')) -}}
        {%- elif operand.get('zero', false) -%}
            {{- 'coalesce(' ~ column ~ ', 0)' -}}
        {%- elif operand['type'] in ['timestamp', 'timestamptz'] -%}
            {{- muster.muster_utc(column, operand['type'], operand.get('timezone')) -}}
        {%- else -%}
            {{- column -}}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}
