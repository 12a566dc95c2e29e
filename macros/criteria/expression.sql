{% macro muster_expression(node) %}
    {#- An expression of SQL's own, null where SQL has it so; each part is of the type that its node says. -#}
    {%- if 'call' not in node -%}
        {%- set value = muster.muster_operand(node) -%}
        {#- What is calculated from events carries no type of its own: days are whole, a rate and a share are not. -#}
        {%- set type = node.get('type', 'integer' if 'days_since' in node else 'number') -%}
        {{- muster._muster_as_type(value, type) if 'literal' not in node and type in ['integer', 'number'] else value -}}
    {%- else -%}
        {%- set function = node['call'] -%}
        {%- set type = node['type'] -%}
        {%- set parts = [] -%}
        {%- for argument in node['of'] -%}
            {%- do parts.append(muster.muster_expression(argument)) -%}
        {%- endfor -%}
        {%- if function == 'null' -%}
            {{- 'null' -}}
        {%- elif function in ['and', 'or', '=', '<>', '<', '<=', '>', '>=', '||'] -%}
            {{- '(' ~ parts | join(' ' ~ function ~ ' ') ~ ')' -}}
        {%- elif function == 'not' -%}
            {{- '(not ' ~ parts[0] ~ ')' -}}
        {%- elif function == 'is_null' -%}
            {{- '(' ~ parts[0] ~ ' is null)' -}}
        {%- elif function == 'in' -%}
            {{- '(' ~ parts[0] ~ ' in (' ~ parts[1:] | join(', ') ~ '))' -}}
        {%- elif function == 'case' -%}
            {{- muster._muster_case(parts, type) -}}
        {%- elif function in ['lower', 'upper', 'replace'] -%}
            {{- function ~ '(' ~ parts | join(', ') ~ ')' -}}
        {%- elif function == 'substring' -%}
            {{- 'substr(' ~ parts | join(', ') ~ ')' -}}
        {%- elif function == 'trim' -%}
            {{- muster.muster_trim(parts[0]) -}}
        {%- elif function == 'length' -%}
            {{- muster.muster_cast('length(' ~ parts[0] ~ ')', 'bigint') -}}
        {%- elif function == 'date' -%}
            {{- muster.muster_date(muster.muster_parse_instant(node['of'][0]['literal'])) -}}
        {%- elif function == 'cast' -%}
            {{- muster.muster_expression_cast(parts[0], node['of'][0]['type'], type) -}}
        {%- else -%}
            {{- muster._muster_calculated(function, parts, type) -}}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}


{% macro _muster_calculated(function, parts, type) %}
    {#- What is calculated is cast to its type first, so that every warehouse calculates in the same one. -#}
    {%- set cast = [] -%}
    {%- for part in parts -%}
        {%- do cast.append(muster._muster_as_type(part, type)) -%}
    {%- endfor -%}
    {%- if function in ['coalesce', 'nullif'] -%}
        {{- function ~ '(' ~ cast | join(', ') ~ ')' -}}
    {%- elif function in ['greatest', 'least'] -%}
        {{- '(case when ' ~ cast | join(' is null or ') ~ ' is null then null else ' ~ function ~ '(' ~ cast | join(', ') ~ ') end)' -}}
    {%- elif function in ['+', '-'] -%}
        {{- muster._muster_as_type('(' ~ cast | join(' ' ~ function ~ ' ') ~ ')', type) -}}
    {%- elif function == '*' -%}
        {{- muster.muster_product(cast[0], cast[1]) if type == 'number' else '(' ~ cast | join(' * ') ~ ')' -}}
    {%- elif function == '/' -%}
        {{- muster.muster_decimal(muster.muster_cast(parts[0], 'double') ~ ' / nullif(' ~ muster.muster_cast(parts[1], 'double') ~ ', 0)') -}}
    {%- elif function == '%' -%}
        {{- 'mod(' ~ cast[0] ~ ', nullif(' ~ cast[1] ~ ', 0))' -}}
    {%- elif function == 'negative' -%}
        {{- '(- ' ~ cast[0] ~ ')' -}}
    {%- elif function == 'abs' -%}
        {{- 'abs(' ~ cast[0] ~ ')' -}}
    {%- elif function in ['round', 'floor', 'ceil'] -%}
        {%- set arguments = [muster.muster_decimal(parts[0])] + parts[1:] -%}
        {{- muster._muster_as_type(function ~ '(' ~ arguments | join(', ') ~ ')', type) -}}
    {%- else -%}
        {{ exceptions.raise_compiler_error("there is no function '" ~ function ~ "'") }}
    {%- endif -%}
{% endmacro %}


{% macro _muster_as_type(expression, type) %}
    {%- if type == 'number' -%}
        {{- muster.muster_decimal(expression) -}}
    {%- elif type == 'integer' -%}
        {{- muster.muster_cast(expression, 'bigint') -}}
    {%- else -%}
        {{- expression -}}
    {%- endif -%}
{% endmacro %}


{% macro _muster_case(parts, type) %}
    {%- set branches = [] -%}
    {%- for index in range(parts | length // 2) -%}
        {%- do branches.append('when ' ~ parts[2 * index] ~ ' then ' ~ muster._muster_as_type(parts[2 * index + 1], type)) -%}
    {%- endfor -%}
    {{- '(case ' ~ branches | join(' ') ~ ' else ' ~ muster._muster_as_type(parts[-1], type) ~ ' end)' -}}
{% endmacro %}


{% macro muster_expression_cast(expression, from_type, type) %}
    {#- A cast that fails gives null; and a decimal becomes a whole number by rounding, halves away from zero. -#}
    {%- if type == 'string' -%}
        {%- if from_type == 'boolean' -%}
            {{- '(case when ' ~ expression ~ " then 'true' when not " ~ expression ~ " then 'false' end)" -}}
        {%- else -%}
            {{- muster.muster_text(expression) -}}
        {%- endif -%}
    {%- elif type == 'date' -%}
        {{- muster.muster_try(muster.muster_text(expression), 'date') -}}
    {%- else -%}
        {%- set number = expression if from_type in ['integer', 'number'] else muster.muster_try(muster.muster_text(expression), 'number') -%}
        {%- if type == 'number' -%}
            {{- muster.muster_decimal(number) -}}
        {%- else -%}
            {%- set whole = 'round(' ~ muster.muster_decimal(number) ~ ')' -%}
            {{- '(case when ' ~ whole ~ ' between -9223372036854775807 and 9223372036854775807 then ' ~ muster.muster_cast(whole, 'bigint') ~ ' end)' -}}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}
