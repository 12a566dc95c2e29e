{% macro muster_comparison(value, operator, to, ignore_case) %}
    {%- set in_list = operator in ['includes', 'includes_any', 'includes_all'] -%}
    {%- set left = muster._muster_folded(value, ignore_case and not in_list) -%}
    {%- set right = [] -%}
    {%- for operand in to -%}
        {%- do right.append(muster._muster_folded(operand, ignore_case)) -%}
    {%- endfor -%}
    {%- set signs = {'is': '=', 'at_least': '>=', 'at_most': '<=', 'more_than': '>', 'less_than': '<'} -%}
    {%- if operator in signs -%}
        {{- left ~ ' ' ~ signs[operator] ~ ' ' ~ right[0] -}}
    {%- elif operator == 'is_set' -%}
        {{- left ~ ' is not null' -}}
    {%- elif operator == 'in' -%}
        {{- left ~ ' in (' ~ right | join(', ') ~ ')' -}}
    {%- elif operator == 'between' -%}
        {{- '(' ~ left ~ ' between ' ~ right[0] ~ ' and ' ~ right[1] ~ ')' -}}
    {%- elif operator == 'contains' -%}
        {{- muster.muster_contains(left, right[0]) -}}
    {%- elif operator == 'starts_with' -%}
        {{- muster.muster_starts_with(left, right[0]) -}}
    {%- elif operator == 'ends_with' -%}
        {{- muster.muster_ends_with(left, right[0]) -}}
    {%- elif operator == 'matches' -%}
        {%- set pattern = muster.muster_pattern(to[0]['literal']) -%}
        {{- muster.muster_matches(left, 'lower(' ~ pattern ~ ')' if ignore_case else pattern) -}}
    {%- elif in_list -%}
        {{- muster._muster_includes(left, right, ignore_case, ' and ' if operator == 'includes_all' else ' or ') -}}
    {%- else -%}
        {{ exceptions.raise_compiler_error("there is no comparison '" ~ operator ~ "'") }}
    {%- endif -%}
{% endmacro %}


{% macro _muster_includes(list, values, ignore_case, word) %}
    {%- set parts = [] -%}
    {%- for value in values -%}
        {%- do parts.append(muster.muster_list_includes(list, value, ignore_case)) -%}
    {%- endfor -%}
    {{- '(' ~ parts | join(word) ~ ')' -}}
{% endmacro %}


{% macro _muster_folded(operand, ignore_case) %}
    {%- set expression = muster.muster_operand(operand) -%}
    {{- 'lower(' ~ expression ~ ')' if ignore_case else expression -}}
{% endmacro %}
