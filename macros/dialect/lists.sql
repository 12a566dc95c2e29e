{% macro muster_list_includes(list, value) %}
    {{- return(adapter.dispatch('muster_list_includes', 'muster')(list, value)) -}}
{% endmacro %}

{% macro default__muster_list_includes(list, value) %}
    {{- return('list_contains(' ~ list ~ ', ' ~ value ~ ')') -}}
{% endmacro %}

{% macro postgres__muster_list_includes(list, value) %}
    {{- return(value ~ ' = any(' ~ list ~ ')') -}}
{% endmacro %}

{% macro snowflake__muster_list_includes(list, value) %}
    {{- return('array_contains(' ~ value ~ '::variant, ' ~ list ~ ')') -}}
{% endmacro %}

{% macro bigquery__muster_list_includes(list, value) %}
    {{- return(value ~ ' in unnest(' ~ list ~ ')') -}}
{% endmacro %}

{% macro spark__muster_list_includes(list, value) %}
    {{- return('array_contains(' ~ list ~ ', ' ~ value ~ ')') -}}
{% endmacro %}

{% macro redshift__muster_list_includes(list, value) %}
    {{ exceptions.raise_compiler_error('Redshift has no list columns that can be searched in place: keep the list as rows of an event table, and use a condition on those events') }}
{% endmacro %}

{% macro trino__muster_list_includes(list, value) %}
    {{- return('contains(' ~ list ~ ', ' ~ value ~ ')') -}}
{% endmacro %}
