{% macro muster_utc(expression, type, timezone) %}
    {%- if type == 'timestamptz' -%}
        {{- adapter.dispatch('muster_instant_to_utc', 'muster')(expression) -}}
    {%- elif type == 'timestamp' and timezone and timezone != 'UTC' -%}
        {{- adapter.dispatch('muster_zoned_to_utc', 'muster')(expression, timezone) -}}
    {%- elif type == 'unknown' -%}
        {{- muster.muster_cast(expression, 'timestamp') -}}
    {%- else -%}
        {{- expression -}}
    {%- endif -%}
{% endmacro %}


{% macro default__muster_instant_to_utc(expression) %}
    {{- "(" ~ expression ~ " at time zone 'UTC')" -}}
{% endmacro %}

{% macro snowflake__muster_instant_to_utc(expression) %}
    {{- "convert_timezone('UTC', " ~ expression ~ ")::timestamp_ntz" -}}
{% endmacro %}

{% macro bigquery__muster_instant_to_utc(expression) %}
    {{- "datetime(" ~ expression ~ ", 'UTC')" -}}
{% endmacro %}

{% macro spark__muster_instant_to_utc(expression) %}
    {{- expression -}}
{% endmacro %}

{% macro trino__muster_instant_to_utc(expression) %}
    {{- "cast(" ~ expression ~ " at time zone 'UTC' as timestamp(6))" -}}
{% endmacro %}


{% macro default__muster_zoned_to_utc(expression, timezone) %}
    {{- "((" ~ expression ~ " at time zone " ~ muster.muster_string(timezone) ~ ") at time zone 'UTC')" -}}
{% endmacro %}

{% macro snowflake__muster_zoned_to_utc(expression, timezone) %}
    {{- "convert_timezone(" ~ muster.muster_string(timezone) ~ ", 'UTC', " ~ expression ~ "::timestamp_ntz)" -}}
{% endmacro %}

{% macro bigquery__muster_zoned_to_utc(expression, timezone) %}
    {{- "datetime(timestamp(" ~ expression ~ ", " ~ muster.muster_string(timezone) ~ "), 'UTC')" -}}
{% endmacro %}

{% macro spark__muster_zoned_to_utc(expression, timezone) %}
    {{- "to_utc_timestamp(" ~ expression ~ ", " ~ muster.muster_string(timezone) ~ ")" -}}
{% endmacro %}

{% macro redshift__muster_zoned_to_utc(expression, timezone) %}
    {{- "convert_timezone(" ~ muster.muster_string(timezone) ~ ", 'UTC', " ~ expression ~ ")" -}}
{% endmacro %}

{% macro trino__muster_zoned_to_utc(expression, timezone) %}
    {{- "cast(with_timezone(" ~ expression ~ ", " ~ muster.muster_string(timezone) ~ ") at time zone 'UTC' as timestamp(6))" -}}
{% endmacro %}
