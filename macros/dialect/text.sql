{% macro muster_contains(text, part) %}
    {{- adapter.dispatch('muster_contains', 'muster')(text, part) -}}
{% endmacro %}

{% macro default__muster_contains(text, part) %}
    {{- 'strpos(' ~ text ~ ', ' ~ part ~ ') > 0' -}}
{% endmacro %}

{% macro snowflake__muster_contains(text, part) %}
    {{- 'contains(' ~ text ~ ', ' ~ part ~ ')' -}}
{% endmacro %}

{% macro spark__muster_contains(text, part) %}
    {{- 'instr(' ~ text ~ ', ' ~ part ~ ') > 0' -}}
{% endmacro %}


{% macro muster_starts_with(text, part) %}
    {{- adapter.dispatch('muster_starts_with', 'muster')(text, part) -}}
{% endmacro %}

{% macro default__muster_starts_with(text, part) %}
    {{- 'starts_with(' ~ text ~ ', ' ~ part ~ ')' -}}
{% endmacro %}

{% macro snowflake__muster_starts_with(text, part) %}
    {{- 'startswith(' ~ text ~ ', ' ~ part ~ ')' -}}
{% endmacro %}

{% macro spark__muster_starts_with(text, part) %}
    {{- 'startswith(' ~ text ~ ', ' ~ part ~ ')' -}}
{% endmacro %}

{% macro redshift__muster_starts_with(text, part) %}
    {{- 'left(' ~ text ~ ', length(' ~ part ~ ')) = ' ~ part -}}
{% endmacro %}


{% macro muster_ends_with(text, part) %}
    {{- adapter.dispatch('muster_ends_with', 'muster')(text, part) -}}
{% endmacro %}

{% macro default__muster_ends_with(text, part) %}
    {{- 'ends_with(' ~ text ~ ', ' ~ part ~ ')' -}}
{% endmacro %}

{% macro postgres__muster_ends_with(text, part) %}
    {{- 'right(' ~ text ~ ', length(' ~ part ~ ')) = ' ~ part -}}
{% endmacro %}

{% macro snowflake__muster_ends_with(text, part) %}
    {{- 'endswith(' ~ text ~ ', ' ~ part ~ ')' -}}
{% endmacro %}

{% macro spark__muster_ends_with(text, part) %}
    {{- 'endswith(' ~ text ~ ', ' ~ part ~ ')' -}}
{% endmacro %}

{% macro trino__muster_ends_with(text, part) %}
    {{- 'substr(' ~ text ~ ', -length(' ~ part ~ ')) = ' ~ part -}}
{% endmacro %}


{% macro muster_matches(text, pattern) %}
    {{- adapter.dispatch('muster_matches', 'muster')(text, pattern) -}}
{% endmacro %}

{% macro default__muster_matches(text, pattern) %}
    {{- 'regexp_matches(' ~ text ~ ', ' ~ pattern ~ ')' -}}
{% endmacro %}

{% macro postgres__muster_matches(text, pattern) %}
    {{- text ~ ' ~ ' ~ pattern -}}
{% endmacro %}

{% macro snowflake__muster_matches(text, pattern) %}
    {{- 'regexp_instr(' ~ text ~ ', ' ~ pattern ~ ') > 0' -}}
{% endmacro %}

{% macro bigquery__muster_matches(text, pattern) %}
    {{- 'regexp_contains(' ~ text ~ ', ' ~ pattern ~ ')' -}}
{% endmacro %}

{% macro spark__muster_matches(text, pattern) %}
    {{- text ~ ' rlike ' ~ pattern -}}
{% endmacro %}

{% macro trino__muster_matches(text, pattern) %}
    {{- 'regexp_like(' ~ text ~ ', ' ~ pattern ~ ')' -}}
{% endmacro %}


{% macro muster_pattern(pattern) %}
    {{- muster.muster_string(adapter.dispatch('muster_pattern_text', 'muster')(pattern)) -}}
{% endmacro %}

{% macro default__muster_pattern_text(pattern) %}
    {{- pattern -}}
{% endmacro %}

{% macro spark__muster_pattern_text(pattern) %}
    {{- muster._muster_very_end(pattern) -}}
{% endmacro %}

{% macro trino__muster_pattern_text(pattern) %}
    {{- muster._muster_very_end(pattern) -}}
{% endmacro %}


{% macro _muster_very_end(pattern) %}
    {#- Java's `$` is also found before a line break that ends the text; its `\z` is the end and nothing else. -#}
    {%- set state = namespace(escaped=false, listed=false) -%}
    {%- for character in pattern | list -%}
        {{- '\\z' if character == '$' and not state.escaped and not state.listed else character -}}
        {%- if state.escaped -%}
            {%- set state.escaped = false -%}
        {%- elif character == '\\' -%}
            {%- set state.escaped = true -%}
        {%- elif character in ['[', ']'] -%}
            {%- set state.listed = character == '[' -%}
        {%- endif -%}
    {%- endfor -%}
{% endmacro %}


{% macro muster_regex_replace(text, pattern, replacement) %}
    {{- adapter.dispatch('muster_regex_replace', 'muster')(text, muster.muster_pattern(pattern), muster.muster_string(replacement)) -}}
{% endmacro %}

{% macro default__muster_regex_replace(text, pattern, replacement) %}
    {{- 'regexp_replace(' ~ text ~ ', ' ~ pattern ~ ', ' ~ replacement ~ ')' -}}
{% endmacro %}

{% macro duckdb__muster_regex_replace(text, pattern, replacement) %}
    {{- 'regexp_replace(' ~ text ~ ', ' ~ pattern ~ ', ' ~ replacement ~ ", 'g')" -}}
{% endmacro %}

{% macro postgres__muster_regex_replace(text, pattern, replacement) %}
    {{- 'regexp_replace(' ~ text ~ ', ' ~ pattern ~ ', ' ~ replacement ~ ", 'g')" -}}
{% endmacro %}

{% macro redshift__muster_regex_replace(text, pattern, replacement) %}
    {{- 'regexp_replace(' ~ text ~ ', ' ~ pattern ~ ', ' ~ replacement ~ ')' -}}
{% endmacro %}


{% macro muster_binary_order(expression) %}
    {{- adapter.dispatch('muster_binary_order', 'muster')(expression) -}}
{% endmacro %}

{% macro default__muster_binary_order(expression) %}
    {{- expression -}}
{% endmacro %}

{% macro postgres__muster_binary_order(expression) %}
    {#- A database's own collation may sort by a language's rules; the bytes sort the same everywhere. -#}
    {{- expression ~ ' collate "C"' -}}
{% endmacro %}

{% macro redshift__muster_binary_order(expression) %}
    {{- expression -}}
{% endmacro %}


{% macro muster_tie_order(expression, type) %}
    {%- if type == 'string' -%}
        {{- muster.muster_binary_order(expression) -}}
    {%- elif type == 'unknown' -%}
        {{- adapter.dispatch('muster_unknown_order', 'muster')(expression) -}}
    {%- else -%}
        {{- expression -}}
    {%- endif -%}
{% endmacro %}

{% macro default__muster_unknown_order(expression) %}
    {{- expression -}}
{% endmacro %}

{% macro postgres__muster_unknown_order(expression) %}
    {#- Only the warehouse knows whether these are numbers; what is none sorts by the bytes of its text. -#}
    {%- set written = muster.muster_text(expression) -%}
    {{- "case when cast(pg_typeof(" ~ expression ~ ") as text) in ('smallint', 'integer', 'bigint', 'numeric', 'real', 'double precision')"
        ~ ' then cast(' ~ written ~ ' as numeric) end, ' ~ muster.muster_binary_order(written) -}}
{% endmacro %}

{% macro redshift__muster_unknown_order(expression) %}
    {{- expression -}}
{% endmacro %}


{% macro muster_concatenated(terms) %}
    {#- Texts, none of which is ever missing, one after another. -#}
    {{- adapter.dispatch('muster_concatenated', 'muster')(terms) -}}
{% endmacro %}

{% macro default__muster_concatenated(terms) %}
    {{- terms | join(' || ') -}}
{% endmacro %}

{% macro duckdb__muster_concatenated(terms) %}
    {#- It makes a text of each two that `||` stands between, and here one of all. -#}
    {{- 'concat(' ~ terms | join(', ') ~ ')' -}}
{% endmacro %}


{% macro muster_trim(text) %}
    {#- Spaces at both ends, and no other white space. -#}
    {{- adapter.dispatch('muster_trim', 'muster')(text) -}}
{% endmacro %}

{% macro default__muster_trim(text) %}
    {{- "trim(both ' ' from " ~ text ~ ")" -}}
{% endmacro %}

{% macro snowflake__muster_trim(text) %}
    {{- "trim(" ~ text ~ ", ' ')" -}}
{% endmacro %}

{% macro bigquery__muster_trim(text) %}
    {{- "trim(" ~ text ~ ", ' ')" -}}
{% endmacro %}
