{% macro muster_string(value) %}
    {{- adapter.dispatch('muster_string', 'muster')(value | string) -}}
{% endmacro %}

{% macro default__muster_string(value) %}
    {{- "'" ~ value | replace("'", "''") ~ "'" -}}
{% endmacro %}

{% macro snowflake__muster_string(value) %}
    {{- "'" ~ value | replace('\\', '\\\\') | replace("'", "''") ~ "'" -}}
{% endmacro %}

{% macro bigquery__muster_string(value) %}
    {%- set escaped = value | replace('\\', '\\\\') | replace("'", "\\'") | replace('\n', '\\n') | replace('\r', '\\r') -%}
    {{- "'" ~ escaped ~ "'" -}}
{% endmacro %}

{% macro spark__muster_string(value) %}
    {{- "'" ~ value | replace('\\', '\\\\') | replace("'", "\\'") ~ "'" -}}
{% endmacro %}

{% macro redshift__muster_string(value) %}
    {{- "'" ~ value | replace('\\', '\\\\') | replace("'", "''") ~ "'" -}}
{% endmacro %}


{% macro muster_number(value) %}
    {%- set text = value | string -%}
    {%- if not modules.re.match('^-?[0-9]+([.][0-9]+)?$', text) -%}
        {{ exceptions.raise_compiler_error("'" ~ text ~ "' is not a plain decimal number") }}
    {%- endif -%}
    {{- text -}}
{% endmacro %}


{% macro muster_boolean(value) %}
    {{- 'true' if value else 'false' -}}
{% endmacro %}


{% macro muster_timestamp(instant) %}
    {{- adapter.dispatch('muster_timestamp', 'muster')(instant.isoformat(' ')) -}}
{% endmacro %}

{% macro default__muster_timestamp(text) %}
    {{- "timestamp '" ~ text ~ "'" -}}
{% endmacro %}

{% macro snowflake__muster_timestamp(text) %}
    {{- "'" ~ text ~ "'::timestamp_ntz" -}}
{% endmacro %}

{% macro bigquery__muster_timestamp(text) %}
    {{- "datetime '" ~ text ~ "'" -}}
{% endmacro %}

{% macro spark__muster_timestamp(text) %}
    {#- Spark's timestamp is an instant; the zone in the literal keeps the session's zone out of it. -#}
    {{- "timestamp '" ~ text ~ "Z'" -}}
{% endmacro %}


{% macro muster_timestamptz(instant) %}
    {{- adapter.dispatch('muster_timestamptz', 'muster')(instant.isoformat(' ')) -}}
{% endmacro %}

{% macro default__muster_timestamptz(text) %}
    {{- "timestamptz '" ~ text ~ "+00:00'" -}}
{% endmacro %}

{% macro snowflake__muster_timestamptz(text) %}
    {{- "'" ~ text ~ " +00:00'::timestamp_tz" -}}
{% endmacro %}

{% macro bigquery__muster_timestamptz(text) %}
    {{- "timestamp '" ~ text ~ "+00:00'" -}}
{% endmacro %}

{% macro spark__muster_timestamptz(text) %}
    {{- "timestamp '" ~ text ~ "Z'" -}}
{% endmacro %}

{% macro trino__muster_timestamptz(text) %}
    {{- "timestamp '" ~ text ~ " UTC'" -}}
{% endmacro %}


{% macro muster_date(moment) %}
    {{- "date '" ~ moment.isoformat()[:10] ~ "'" -}}
{% endmacro %}


{% macro muster_nul() %}
    {#- The character with the code 0. -#}
    {{- adapter.dispatch('muster_nul', 'muster')() -}}
{% endmacro %}

{% macro default__muster_nul() %}
    {{- 'chr(0)' -}}
{% endmacro %}

{% macro snowflake__muster_nul() %}
    {{- "'\\0'" -}}
{% endmacro %}

{% macro bigquery__muster_nul() %}
    {#- Its `chr(0)` is an empty text. -#}
    {{- "'\\000'" -}}
{% endmacro %}

{% macro postgres__muster_nul() %}
    {#- No text has one. -#}
{% endmacro %}
