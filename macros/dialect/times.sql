{% macro muster_utc(expression, type, timezone) %}
    {%- if type == 'timestamptz' -%}
        {{- return(adapter.dispatch('muster_instant_to_utc', 'muster')(expression)) -}}
    {%- elif type == 'timestamp' and timezone and timezone != 'UTC' -%}
        {{- return(adapter.dispatch('muster_zoned_to_utc', 'muster')(expression, timezone)) -}}
    {%- elif type == 'unknown' -%}
        {{- return(muster.muster_cast(expression, 'timestamp')) -}}
    {%- endif -%}
    {{- return(expression) -}}
{% endmacro %}


{% macro default__muster_instant_to_utc(expression) %}
    {{- return("(" ~ expression ~ " at time zone 'UTC')") -}}
{% endmacro %}

{% macro snowflake__muster_instant_to_utc(expression) %}
    {{- return("convert_timezone('UTC', " ~ expression ~ ")::timestamp_ntz") -}}
{% endmacro %}

{% macro bigquery__muster_instant_to_utc(expression) %}
    {{- return("datetime(" ~ expression ~ ", 'UTC')") -}}
{% endmacro %}

{% macro spark__muster_instant_to_utc(expression) %}
    {{- return(expression) -}}
{% endmacro %}

{% macro trino__muster_instant_to_utc(expression) %}
    {{- return("cast(" ~ expression ~ " at time zone 'UTC' as timestamp(6))") -}}
{% endmacro %}


{% macro default__muster_zoned_to_utc(expression, timezone) %}
    {{- return("((" ~ expression ~ " at time zone " ~ muster.muster_string(timezone) ~ ") at time zone 'UTC')") -}}
{% endmacro %}

{% macro snowflake__muster_zoned_to_utc(expression, timezone) %}
    {{- return("convert_timezone(" ~ muster.muster_string(timezone) ~ ", 'UTC', " ~ expression ~ "::timestamp_ntz)") -}}
{% endmacro %}

{% macro bigquery__muster_zoned_to_utc(expression, timezone) %}
    {{- return("datetime(timestamp(" ~ expression ~ ", " ~ muster.muster_string(timezone) ~ "), 'UTC')") -}}
{% endmacro %}

{% macro spark__muster_zoned_to_utc(expression, timezone) %}
    {{- return("to_utc_timestamp(" ~ expression ~ ", " ~ muster.muster_string(timezone) ~ ")") -}}
{% endmacro %}

{% macro redshift__muster_zoned_to_utc(expression, timezone) %}
    {{- return("convert_timezone(" ~ muster.muster_string(timezone) ~ ", 'UTC', " ~ expression ~ ")") -}}
{% endmacro %}

{% macro trino__muster_zoned_to_utc(expression, timezone) %}
    {{- return("cast(with_timezone(" ~ expression ~ ", " ~ muster.muster_string(timezone) ~ ") at time zone 'UTC' as timestamp(6))") -}}
{% endmacro %}
