{% macro muster_list_includes(list, value, ignore_case) %}
    {%- if ignore_case -%}
        {{- adapter.dispatch('muster_folded_list_includes', 'muster')(list, value) -}}
    {%- else -%}
        {{- adapter.dispatch('muster_exact_list_includes', 'muster')(list, value) -}}
    {%- endif -%}
{% endmacro %}


{% macro default__muster_exact_list_includes(list, value) %}
    {{- 'list_contains(' ~ list ~ ', ' ~ value ~ ')' -}}
{% endmacro %}

{% macro postgres__muster_exact_list_includes(list, value) %}
    {{- value ~ ' = any(' ~ list ~ ')' -}}
{% endmacro %}

{% macro snowflake__muster_exact_list_includes(list, value) %}
    {{- 'array_contains(' ~ value ~ '::variant, ' ~ list ~ ')' -}}
{% endmacro %}

{% macro bigquery__muster_exact_list_includes(list, value) %}
    {{- value ~ ' in unnest(' ~ list ~ ')' -}}
{% endmacro %}

{% macro spark__muster_exact_list_includes(list, value) %}
    {{- 'array_contains(' ~ list ~ ', ' ~ value ~ ')' -}}
{% endmacro %}

{% macro redshift__muster_exact_list_includes(list, value) %}
    {{- muster._muster_refuse_lists_on_redshift() -}}
{% endmacro %}

{% macro trino__muster_exact_list_includes(list, value) %}
    {{- 'contains(' ~ list ~ ', ' ~ value ~ ')' -}}
{% endmacro %}


{% macro default__muster_folded_list_includes(list, value) %}
    {{- 'list_contains([lower(item) for item in ' ~ list ~ '], ' ~ value ~ ')' -}}
{% endmacro %}

{% macro postgres__muster_folded_list_includes(list, value) %}
    {{- 'exists (select 1 from unnest(' ~ list ~ ') as item where lower(item) = ' ~ value ~ ')' -}}
{% endmacro %}

{% macro snowflake__muster_folded_list_includes(list, value) %}
    {{- 'array_contains(' ~ value ~ '::variant, transform(' ~ list ~ ', item -> lower(item)))' -}}
{% endmacro %}

{% macro bigquery__muster_folded_list_includes(list, value) %}
    {{- 'exists (select 1 from unnest(' ~ list ~ ') as item where lower(item) = ' ~ value ~ ')' -}}
{% endmacro %}

{% macro spark__muster_folded_list_includes(list, value) %}
    {{- 'exists(' ~ list ~ ', item -> lower(item) = ' ~ value ~ ')' -}}
{% endmacro %}

{% macro redshift__muster_folded_list_includes(list, value) %}
    {{- muster._muster_refuse_lists_on_redshift() -}}
{% endmacro %}

{% macro trino__muster_folded_list_includes(list, value) %}
    {{- 'any_match(' ~ list ~ ', item -> lower(item) = ' ~ value ~ ')' -}}
{% endmacro %}


{% macro _muster_refuse_lists_on_redshift() %}
    {{ exceptions.raise_compiler_error('Redshift has no list columns that can be searched in place: keep the list as rows of an event table, and use a condition on those events') }}
{% endmacro %}


{% macro muster_sorted_list(value, position) %}
    {{- adapter.dispatch('muster_sorted_list', 'muster')(value, position) -}}
{% endmacro %}

{% macro default__muster_sorted_list(value, position) %}
    {{- 'array_agg(' ~ value ~ ' order by ' ~ position ~ ')' -}}
{% endmacro %}

{% macro snowflake__muster_sorted_list(value, position) %}
    {{- 'array_agg(' ~ value ~ ') within group (order by ' ~ position ~ ')' -}}
{% endmacro %}

{% macro spark__muster_sorted_list(value, position) %}
    {#- Spark collects in no order, and sorts texts by their bytes as the positions do. -#}
    {{- 'sort_array(collect_list(' ~ value ~ '))' -}}
{% endmacro %}

{% macro redshift__muster_sorted_list(value, position) %}
    {{- muster._muster_refuse_lists_on_redshift() -}}
{% endmacro %}
