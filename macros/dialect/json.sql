{% macro muster_json(column) %}
    {#- A column of JSON, or of text that holds some, as a value of JSON; what is no JSON is missing. -#}
    {{- adapter.dispatch('muster_json', 'muster')(column) -}}
{% endmacro %}

{% macro default__muster_json(column) %}
    {{- 'try_cast(' ~ column ~ ' as json)' -}}
{% endmacro %}

{% macro postgres__muster_json(column) %}
    {{- "case when pg_typeof(" ~ column ~ ") = cast('jsonb' as regtype) then to_jsonb(" ~ column ~ ") when pg_input_is_valid(cast("
        ~ column ~ " as text), 'jsonb') then cast(cast(" ~ column ~ " as text) as jsonb) end" -}}
{% endmacro %}

{% macro snowflake__muster_json(column) %}
    {{- "iff(typeof(to_variant(" ~ column ~ ")) = 'VARCHAR', try_parse_json(cast(" ~ column ~ " as varchar)), to_variant(" ~ column ~ "))" -}}
{% endmacro %}

{% macro bigquery__muster_json(column) %}
    {#- The text in a column is read as JSON itself; `lax_string` of an object is null. -#}
    {{- "coalesce(safe.parse_json(lax_string(to_json(" ~ column ~ ")), wide_number_mode => 'round'), to_json(" ~ column ~ "))" -}}
{% endmacro %}

{% macro spark__muster_json(column) %}
    {{- 'try_parse_json(cast(' ~ column ~ ' as string))' -}}
{% endmacro %}

{% macro redshift__muster_json(column) %}
    {#- SUPER is read by names that are written in the query, so the JSON's text is. -#}
    {{- column -}}
{% endmacro %}

{% macro trino__muster_json(column) %}
    {{- "try(json_extract(" ~ column ~ ", '$'))" -}}
{% endmacro %}


{% macro muster_json_at(json, keys) %}
    {{- adapter.dispatch('muster_json_at', 'muster')(json, keys) -}}
{% endmacro %}

{% macro default__muster_json_at(json, keys) %}
    {#- A pointer takes any name; but a number in it would be a place in a list, which a path in quotes never is. -#}
    {%- set value = namespace(sql=json) -%}
    {%- for key in keys -%}
        {%- if modules.re.match('^[0-9]+$', key) -%}
            {%- set path = '$."' ~ key ~ '"' -%}
        {%- else -%}
            {%- set path = '/' ~ key | replace('~', '~0') | replace('/', '~1') -%}
        {%- endif -%}
        {%- set value.sql = 'json_extract(' ~ value.sql ~ ', ' ~ muster.muster_string(path) ~ ')' -%}
    {%- endfor -%}
    {{- value.sql -}}
{% endmacro %}

{% macro postgres__muster_json_at(json, keys) %}
    {%- set value = namespace(sql='(' ~ json ~ ')') -%}
    {%- for key in keys -%}
        {%- set value.sql = value.sql ~ ' -> ' ~ muster.muster_string(key) -%}
    {%- endfor -%}
    {{- '(' ~ value.sql ~ ')' -}}
{% endmacro %}

{% macro snowflake__muster_json_at(json, keys) %}
    {%- set value = namespace(sql=json) -%}
    {%- for key in keys -%}
        {%- set value.sql = 'get(' ~ value.sql ~ ', ' ~ muster.muster_string(key) ~ ')' -%}
    {%- endfor -%}
    {{- value.sql -}}
{% endmacro %}

{% macro bigquery__muster_json_at(json, keys) %}
    {%- set value = namespace(sql='(' ~ json ~ ')') -%}
    {%- for key in keys -%}
        {%- set value.sql = value.sql ~ '[' ~ muster.muster_string(key) ~ ']' -%}
    {%- endfor -%}
    {{- value.sql -}}
{% endmacro %}

{% macro spark__muster_json_at(json, keys) %}
    {#- A path takes no name with a quote in it; a map does, and takes longer. -#}
    {%- set value = namespace(sql=json) -%}
    {%- for key in keys -%}
        {%- if '"' in key or '\\' in key -%}
            {%- set value.sql = 'try_element_at(try_cast(' ~ value.sql ~ ' as map<string, variant>), ' ~ muster.muster_string(key) ~ ')' -%}
        {%- else -%}
            {%- set value.sql = 'try_variant_get(' ~ value.sql ~ ', ' ~ muster.muster_string('$["' ~ key ~ '"]') ~ ", 'variant')" -%}
        {%- endif -%}
    {%- endfor -%}
    {{- value.sql -}}
{% endmacro %}

{% macro redshift__muster_json_at(json, keys) %}
    {%- set parts = [] -%}
    {%- for key in keys -%}
        {%- do parts.append(muster.muster_string(key)) -%}
    {%- endfor -%}
    {{- 'json_extract_path_text(' ~ json ~ ', ' ~ parts | join(', ') ~ ', true)' -}}
{% endmacro %}

{% macro trino__muster_json_at(json, keys) %}
    {{- 'json_extract(' ~ json ~ ', ' ~ muster.muster_string(muster._muster_bracketed_path(keys)) ~ ')' -}}
{% endmacro %}


{% macro _muster_bracketed_path(keys) %}
    {%- set path = namespace(text='$') -%}
    {%- for key in keys -%}
        {%- if '"' in key or '\\' in key -%}
            {{ exceptions.raise_compiler_error("'" ~ key ~ "' cannot be a name in a path on this warehouse: it has a quote or a backslash in it") }}
        {%- endif -%}
        {%- set path.text = path.text ~ '["' ~ key ~ '"]' -%}
    {%- endfor -%}
    {{- path.text -}}
{% endmacro %}


{% macro muster_json_is(json, kind) %}
    {{- adapter.dispatch('muster_json_is', 'muster')(json, kind) -}}
{% endmacro %}

{% macro default__muster_json_is(json, kind) %}
    {%- set types = {
        'string': "= 'VARCHAR'",
        'number': "in ('BIGINT', 'UBIGINT', 'HUGEINT', 'UHUGEINT', 'DOUBLE', 'DECIMAL')",
        'boolean': "= 'BOOLEAN'",
    } -%}
    {{- 'json_type(' ~ json ~ ') ' ~ types[kind] -}}
{% endmacro %}

{% macro postgres__muster_json_is(json, kind) %}
    {{- 'jsonb_typeof(' ~ json ~ ') = ' ~ muster.muster_string(kind) -}}
{% endmacro %}

{% macro snowflake__muster_json_is(json, kind) %}
    {%- set types = {
        'string': "= 'VARCHAR'",
        'number': "in ('INTEGER', 'DECIMAL', 'DOUBLE')",
        'boolean': "= 'BOOLEAN'",
    } -%}
    {{- 'typeof(' ~ json ~ ') ' ~ types[kind] -}}
{% endmacro %}

{% macro bigquery__muster_json_is(json, kind) %}
    {{- 'json_type(' ~ json ~ ') = ' ~ muster.muster_string(kind) -}}
{% endmacro %}

{% macro spark__muster_json_is(json, kind) %}
    {%- set patterns = {'string': '^STRING$', 'number': '^(BIGINT|DECIMAL|DOUBLE)', 'boolean': '^BOOLEAN$'} -%}
    {{- 'schema_of_variant(' ~ json ~ ') rlike ' ~ muster.muster_string(patterns[kind]) -}}
{% endmacro %}

{% macro redshift__muster_json_is(json, kind) %}
    {#- A text, a number and a truth value come out alike; objects and lists are told by how they begin. -#}
    {{- 'left(' ~ json ~ ", 1) not in ('{', '[')" -}}
{% endmacro %}

{% macro trino__muster_json_is(json, kind) %}
    {%- set patterns = {'string': '^"', 'number': '^[-0-9]', 'boolean': '^(true|false)$'} -%}
    {{- 'regexp_like(json_format(' ~ json ~ '), ' ~ muster.muster_string(patterns[kind]) ~ ')' -}}
{% endmacro %}


{% macro muster_json_text(json) %}
    {{- adapter.dispatch('muster_json_text', 'muster')(json) -}}
{% endmacro %}

{% macro default__muster_json_text(json) %}
    {{- "json_extract_string(" ~ json ~ ", '$')" -}}
{% endmacro %}

{% macro postgres__muster_json_text(json) %}
    {{- '(' ~ json ~ " #>> '{}')" -}}
{% endmacro %}

{% macro snowflake__muster_json_text(json) %}
    {{- 'cast(' ~ json ~ ' as varchar)' -}}
{% endmacro %}

{% macro bigquery__muster_json_text(json) %}
    {{- 'lax_string(' ~ json ~ ')' -}}
{% endmacro %}

{% macro spark__muster_json_text(json) %}
    {{- 'cast(' ~ json ~ ' as string)' -}}
{% endmacro %}

{% macro redshift__muster_json_text(json) %}
    {{- json -}}
{% endmacro %}

{% macro trino__muster_json_text(json) %}
    {{- "json_extract_scalar(" ~ json ~ ", '$')" -}}
{% endmacro %}


{% macro muster_json_text_in(text, name) %}
    {#- What a JSON object in a column of text has by a name, as text. -#}
    {{- adapter.dispatch('muster_json_text_in', 'muster')(text, name) -}}
{% endmacro %}

{% macro default__muster_json_text_in(text, name) %}
    {{- muster.muster_json_text(muster.muster_json_at(muster.muster_json(text), [name])) -}}
{% endmacro %}

{% macro snowflake__muster_json_text_in(text, name) %}
    {#- A name that is not plain stands in quotes in a path. -#}
    {%- set plain = modules.re.match('^[a-zA-Z_][a-zA-Z0-9_]*$', name) -%}
    {{- 'json_extract_path_text(' ~ text ~ ', ' ~ muster.muster_string(name if plain else '"' ~ name ~ '"') ~ ')' -}}
{% endmacro %}


{% macro muster_json_texts(json) %}
    {{- adapter.dispatch('muster_json_texts', 'muster')(json) -}}
{% endmacro %}

{% macro default__muster_json_texts(json) %}
    {{- "[json_extract_string(item, '$') for item in try_cast(" ~ json ~ " as json[]) if json_type(item) = 'VARCHAR']" -}}
{% endmacro %}

{% macro postgres__muster_json_texts(json) %}
    {{- "case when jsonb_typeof(" ~ json ~ ") = 'array' then array(select item #>> '{}' from jsonb_array_elements(" ~ json
        ~ ") as items(item) where jsonb_typeof(item) = 'string') end" -}}
{% endmacro %}

{% macro snowflake__muster_json_texts(json) %}
    {{- "filter(as_array(" ~ json ~ "), item -> typeof(item) = 'VARCHAR')" -}}
{% endmacro %}

{% macro bigquery__muster_json_texts(json) %}
    {{- "case when json_type(" ~ json ~ ") = 'array' then array(select lax_string(item) from unnest(json_query_array("
        ~ json ~ ")) as item where json_type(item) = 'string') end" -}}
{% endmacro %}

{% macro spark__muster_json_texts(json) %}
    {{- "transform(filter(try_variant_get(" ~ json ~ ", '$', 'array<variant>'), item -> schema_of_variant(item) = 'STRING'), item -> cast(item as string))" -}}
{% endmacro %}

{% macro redshift__muster_json_texts(json) %}
    {#- What is no text stays in the list, where no text equals it. -#}
    {{- 'case when can_json_parse(' ~ json ~ ') then case when is_array(json_parse(' ~ json ~ ')) then json_parse(' ~ json ~ ') end end' -}}
{% endmacro %}

{% macro trino__muster_json_texts(json) %}
    {{- "transform(filter(try_cast(" ~ json ~ " as array(json)), item -> regexp_like(json_format(item), '^\"')), item -> json_extract_scalar(item, '$'))" -}}
{% endmacro %}


{% macro muster_json_texts_in(text, name) %}
    {#- What a JSON object in a column of text has by a name, as the list of texts that `muster_each_text` reads. -#}
    {{- adapter.dispatch('muster_json_texts_in', 'muster')(text, name) -}}
{% endmacro %}

{% macro default__muster_json_texts_in(text, name) %}
    {{- muster.muster_json_texts(muster.muster_json_at(muster.muster_json(text), [name])) -}}
{% endmacro %}

{% macro snowflake__muster_json_texts_in(text, name) %}
    {{- 'try_parse_json(' ~ muster.snowflake__muster_json_text_in(text, name) ~ ')' -}}
{% endmacro %}

{% macro bigquery__muster_json_texts_in(text, name) %}
    {#- Its items stay JSON, as those of a column are. -#}
    {{- 'json_query_array(' ~ muster.muster_json_at(muster.muster_json(text), [name]) ~ ')' -}}
{% endmacro %}


{% macro muster_json_written(column) %}
    {#- A column of JSON as text, so that rows can be sorted by it. -#}
    {{- adapter.dispatch('muster_json_written', 'muster')(column) -}}
{% endmacro %}

{% macro default__muster_json_written(column) %}
    {{- muster.muster_text(column) -}}
{% endmacro %}

{% macro snowflake__muster_json_written(column) %}
    {{- 'to_json(to_variant(' ~ column ~ '))' -}}
{% endmacro %}

{% macro bigquery__muster_json_written(column) %}
    {{- 'to_json_string(' ~ column ~ ')' -}}
{% endmacro %}

{% macro trino__muster_json_written(column) %}
    {{- 'json_format(cast(' ~ column ~ ' as json))' -}}
{% endmacro %}
