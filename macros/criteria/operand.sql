{% macro muster_operand(operand) %}
    {%- if 'literal' in operand -%}
        {%- if operand['type'] == 'string' -%}
            {{- return(muster.muster_string(operand['literal'])) -}}
        {%- elif operand['type'] == 'boolean' -%}
            {{- return(muster.muster_boolean(operand['literal'])) -}}
        {%- endif -%}
        {{- return(muster.muster_number(operand['literal'])) -}}
    {%- endif -%}
    {%- set column = muster.muster_column(operand.get('of'), operand['column']) -%}
    {%- if operand.get('zero', false) -%}
        {{- return('coalesce(' ~ column ~ ', 0)') -}}
    {%- elif operand['type'] in ['timestamp', 'timestamptz'] -%}
        {{- return(muster.muster_utc(column, operand['type'], operand.get('timezone'))) -}}
    {%- endif -%}
    {{- return(column) -}}
{% endmacro %}
