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


{% macro muster_joined_texts(text, place) %}
    {#- The texts of a group with commas between them, in an order. -#}
    {{- adapter.dispatch('muster_joined_texts', 'muster')(text, place) -}}
{% endmacro %}

{% macro default__muster_joined_texts(text, place) %}
    {{- 'string_agg(' ~ text ~ ", ',' order by " ~ place ~ ')' -}}
{% endmacro %}

{% macro snowflake__muster_joined_texts(text, place) %}
    {{- 'listagg(' ~ text ~ ", ',') within group (order by " ~ place ~ ')' -}}
{% endmacro %}

{% macro redshift__muster_joined_texts(text, place) %}
    {{- 'listagg(' ~ text ~ ", ',') within group (order by " ~ place ~ ')' -}}
{% endmacro %}

{% macro spark__muster_joined_texts(text, place) %}
    {#- Spark collects in no order; what comes first in a list of structs sorts first. -#}
    {{- "array_join(transform(sort_array(collect_list(struct(" ~ place ~ " as place, " ~ text ~ " as text))), item -> item.text), ',')" -}}
{% endmacro %}

{% macro trino__muster_joined_texts(text, place) %}
    {{- 'array_join(array_agg(' ~ text ~ ' order by ' ~ place ~ "), ',')" -}}
{% endmacro %}


{% macro muster_each_item(column) %}
    {#- Goes on a `from`: one row for each item of a column that holds lists, or JSON arrays as text. The item is
        what `muster_item` gives. A warehouse may know only while it runs which of the two a column is. -#}
    {{- adapter.dispatch('muster_each_item', 'muster')(column) -}}
{% endmacro %}

{% macro default__muster_each_item(column) %}
    {{- "cross join unnest([json_extract_string(item, '$') for item in try_cast(try_cast(" ~ column ~ ' as json) as json[])]) as items(item)' -}}
{% endmacro %}

{% macro postgres__muster_each_item(column) %}
    {%- set json = "case when jsonb_typeof(to_jsonb(" ~ column ~ ")) <> 'string' then to_jsonb(" ~ column
        ~ ") when pg_input_is_valid(cast(" ~ column ~ " as text), 'jsonb') then cast(cast(" ~ column ~ " as text) as jsonb) end" -%}
    {{- "cross join lateral jsonb_array_elements_text(case when jsonb_typeof(" ~ json ~ ") = 'array' then " ~ json ~ ' end) as items(item)' -}}
{% endmacro %}

{% macro snowflake__muster_each_item(column) %}
    {{- 'cross join lateral flatten(input => as_array(' ~ muster.muster_json(column) ~ ')) as items' -}}
{% endmacro %}

{% macro bigquery__muster_each_item(column) %}
    {{- 'cross join unnest(json_query_array(' ~ muster.muster_json(column) ~ ')) as item' -}}
{% endmacro %}

{% macro spark__muster_each_item(column) %}
    {{- "lateral view explode(from_json(get_json_object(to_json(named_struct('it', " ~ column ~ ")), '$.it'), 'array<string>')) items as item" -}}
{% endmacro %}

{% macro redshift__muster_each_item(column) %}
    {{ exceptions.raise_compiler_error('Redshift has no list columns that can be read in place: keep the values as rows of a table, and name it by `model:` under the identifier') }}
{% endmacro %}

{% macro trino__muster_each_item(column) %}
    {%- set json = 'cast(' ~ column ~ ' as json)' -%}
    {{- "cross join unnest(try_cast(coalesce(try(json_parse(json_extract_scalar(" ~ json ~ ", '$'))), " ~ json ~ ') as array(varchar))) as items(item)' -}}
{% endmacro %}


{% macro muster_each_text(list) %}
    {#- Goes on a `from`: one row for each item of a column, named with its table, that holds what
        `muster_json_texts_in` gives. The item is what `muster_item` gives. -#}
    {{- adapter.dispatch('muster_each_text', 'muster')(list) -}}
{% endmacro %}

{% macro default__muster_each_text(list) %}
    {{- 'cross join unnest(' ~ list ~ ') as items(item)' -}}
{% endmacro %}

{% macro snowflake__muster_each_text(list) %}
    {{- 'cross join lateral flatten(input => ' ~ list ~ ') as items' -}}
{% endmacro %}

{% macro bigquery__muster_each_text(list) %}
    {{- 'cross join unnest(' ~ list ~ ') as item' -}}
{% endmacro %}

{% macro spark__muster_each_text(list) %}
    {{- 'lateral view explode(' ~ list ~ ') items as item' -}}
{% endmacro %}

{% macro redshift__muster_each_text(list) %}
    {#- A SUPER array is unnested by its name alone. -#}
    {{- ', ' ~ list ~ ' as items' -}}
{% endmacro %}


{% macro muster_item() %}
    {{- adapter.dispatch('muster_item', 'muster')() -}}
{% endmacro %}

{% macro default__muster_item() %}
    {{- 'items.item' -}}
{% endmacro %}

{% macro snowflake__muster_item() %}
    {{- 'cast(items.value as varchar)' -}}
{% endmacro %}

{% macro bigquery__muster_item() %}
    {{- 'lax_string(item)' -}}
{% endmacro %}

{% macro redshift__muster_item() %}
    {{- 'cast(items as varchar)' -}}
{% endmacro %}
