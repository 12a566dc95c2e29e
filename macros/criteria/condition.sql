{% macro muster_condition(node, timezone) %}
    {#-
        SQL knows a third truth value, and a spec knows two. A positive condition is left as the warehouse
        evaluates it, since WHERE takes unknown as false (and so bare comparisons can prune partitions); every
        negation closes over `coalesce(..., false)`, which makes it the exact complement.
    -#}
    {%- if 'all' in node -%}
        {{- muster._muster_joined(node['all'], ' and ', timezone) -}}
    {%- elif 'any' in node -%}
        {{- muster._muster_joined(node['any'], ' or ', timezone) -}}
    {%- elif 'none' in node -%}
        {{- muster.muster_not(muster._muster_joined(node['none'], ' or ', timezone)) -}}
    {%- elif 'holds' in node -%}
        {{- muster.muster_expression(node['holds']) -}}
    {%- elif 'member_of' in node -%}
        {{- muster.muster_column(node['member_of'], node['key']) ~ ' is not null' -}}
    {%- else -%}
        {%- if 'near' in node -%}
            {%- set positive = muster.muster_near(node['value'], node['near']) -%}
        {%- elif 'during' in node -%}
            {%- set positive = muster.muster_during(node['value'], node['during'], timezone) -%}
        {%- else -%}
            {%- set positive = muster.muster_comparison(node['value'], node['operator'], node.get('to', []), node.get('ignore_case', false)) -%}
        {%- endif -%}
        {{- muster.muster_not(positive) if node.get('negated', false) else positive -}}
    {%- endif -%}
{% endmacro %}


{% macro muster_not(condition) %}
    {{- 'not coalesce(' ~ condition ~ ', false)' -}}
{% endmacro %}


{% macro _muster_joined(nodes, word, timezone) %}
    {%- set parts = [] -%}
    {%- for node in nodes -%}
        {%- do parts.append(muster.muster_condition(node, timezone)) -%}
    {%- endfor -%}
    {{- parts[0] if parts | length == 1 else '(' ~ parts | join(word) ~ ')' -}}
{% endmacro %}
