{% macro muster_identifier(name) %}
    {{- adapter.dispatch('muster_identifier', 'muster')(name) -}}
{% endmacro %}

{% macro default__muster_identifier(name) %}
    {{- '"' ~ name | replace('"', '""') ~ '"' -}}
{% endmacro %}

{% macro snowflake__muster_identifier(name) %}
    {#- Snowflake stores a name written without quotes in capitals, so a plain lower-case name means that one. -#}
    {%- set plain = modules.re.match('^[a-z_][a-z0-9_$]*$', name) -%}
    {{- '"' ~ (name | upper if plain else name) | replace('"', '""') ~ '"' -}}
{% endmacro %}

{% macro bigquery__muster_identifier(name) %}
    {%- if '.' in name -%}
        {{ exceptions.raise_compiler_error("'" ~ name ~ "' cannot be a column's name on BigQuery, which reads a dot as a path") }}
    {%- endif -%}
    {#- A name has the escapes of a text literal. A backtick is written by its code, which sqlglot reads as well. -#}
    {{- '`' ~ name | replace('\\', '\\\\') | replace('`', '\\x60') ~ '`' -}}
{% endmacro %}

{% macro spark__muster_identifier(name) %}
    {{- '`' ~ name | replace('`', '``') ~ '`' -}}
{% endmacro %}


{% macro muster_column(relation, name) %}
    {{- (relation ~ '.' if relation else '') ~ muster.muster_identifier(name) -}}
{% endmacro %}
