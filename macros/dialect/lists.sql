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
    {#- A list is a SUPER array. A missing item is no match, and leaves the answer false where nothing matches. -#}
    {{- 'array_contains(' ~ list ~ ', ' ~ value ~ ', true)' -}}
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
    {#- No function goes over the items, so the list is folded as JSON, whose escapes have no capitals. -#}
    {{- 'array_contains(json_parse(lower(json_serialize(' ~ list ~ '))), ' ~ value ~ ', true)' -}}
{% endmacro %}

{% macro trino__muster_folded_list_includes(list, value) %}
    {{- 'any_match(' ~ list ~ ', item -> lower(item) = ' ~ value ~ ')' -}}
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
    {#- Nothing there collects values into a list, so it is written as JSON and read. -#}
    {{- "json_parse('[' || listagg(json_serialize(cast(" ~ value ~ " as super)), ',') within group (order by " ~ position ~ ") || ']')" -}}
{% endmacro %}
