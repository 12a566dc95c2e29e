{% macro muster_comparison(value, operator, to, ignore_case) %}
    {%- set in_list = operator in ['includes', 'includes_any', 'includes_all'] -%}
    {%- set left = muster._muster_folded(value, ignore_case and not in_list) -%}
    {%- set right = [] -%}
    {%- for operand in to -%}
        {%- do right.append(muster._muster_folded(operand, ignore_case)) -%}
    {%- endfor -%}
    {%- set signs = {'is': '=', 'at_least': '>=', 'at_most': '<=', 'more_than': '>', 'less_than': '<'} -%}
    {%- if operator in signs -%}
        {{- return(left ~ ' ' ~ signs[operator] ~ ' ' ~ right[0]) -}}
    {%- elif operator == 'is_set' -%}
        {{- return(left ~ ' is not null') -}}
    {%- elif operator == 'in' -%}
        {{- return(left ~ ' in (' ~ right | join(', ') ~ ')') -}}
    {%- elif operator == 'between' -%}
        {{- return('(' ~ left ~ ' between ' ~ right[0] ~ ' and ' ~ right[1] ~ ')') -}}
    {%- elif operator == 'contains' -%}
        {{- return(muster.muster_contains(left, right[0])) -}}
    {%- elif operator == 'starts_with' -%}
        {{- return(muster.muster_starts_with(left, right[0])) -}}
    {%- elif operator == 'ends_with' -%}
        {{- return(muster.muster_ends_with(left, right[0])) -}}
    {%- elif operator == 'matches' -%}
        {{- return(muster.muster_matches(left, right[0])) -}}
    {%- elif in_list -%}
        {{- return(muster._muster_includes(left, right, ignore_case, ' and ' if operator == 'includes_all' else ' or ')) -}}
    {%- endif -%}
    {{ exceptions.raise_compiler_error("there is no comparison '" ~ operator ~ "'") }}
{% endmacro %}


{% macro _muster_includes(list, values, ignore_case, word) %}
    {%- set parts = [] -%}
    {%- for value in values -%}
        {%- do parts.append(muster.muster_list_includes(list, value, ignore_case)) -%}
    {%- endfor -%}
    {{- return('(' ~ parts | join(word) ~ ')') -}}
{% endmacro %}


{% macro _muster_folded(operand, ignore_case) %}
    {%- set expression = muster.muster_operand(operand) -%}
    {{- return('lower(' ~ expression ~ ')' if ignore_case else expression) -}}
{% endmacro %}
