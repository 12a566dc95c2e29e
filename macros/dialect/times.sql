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


{% macro muster_midnight(day) %}
    {{- adapter.dispatch('muster_midnight', 'muster')(day) -}}
{% endmacro %}

{% macro default__muster_midnight(day) %}
    {{- muster.muster_cast(day, 'timestamp') -}}
{% endmacro %}

{% macro spark__muster_midnight(day) %}
    {#- A cast would take the midnight of the session's clock. -#}
    {{- 'timestamp_micros(unix_date(' ~ day ~ ') * 86400000000)' -}}
{% endmacro %}


{% macro muster_whole_days(earlier, later) %}
    {{- adapter.dispatch('muster_whole_days', 'muster')(earlier, later) -}}
{% endmacro %}

{% macro default__muster_whole_days(earlier, later) %}
    {#- Complete days between two timestamps, which is not the number of midnights between them. -#}
    {{- "date_sub('day', " ~ earlier ~ ", " ~ later ~ ")" -}}
{% endmacro %}

{% macro postgres__muster_whole_days(earlier, later) %}
    {{- "cast(floor(extract(epoch from (" ~ later ~ " - " ~ earlier ~ ")) / 86400) as bigint)" -}}
{% endmacro %}

{% macro snowflake__muster_whole_days(earlier, later) %}
    {{- "cast(floor(datediff('microsecond', " ~ earlier ~ ", " ~ later ~ ") / 86400000000) as bigint)" -}}
{% endmacro %}

{% macro bigquery__muster_whole_days(earlier, later) %}
    {{- "div(datetime_diff(" ~ later ~ ", " ~ earlier ~ ", microsecond), 86400000000)" -}}
{% endmacro %}

{% macro spark__muster_whole_days(earlier, later) %}
    {#- Spark's own difference in days goes by the clock of the session. -#}
    {{- "((unix_micros(" ~ later ~ ") - unix_micros(" ~ earlier ~ ")) div 86400000000)" -}}
{% endmacro %}

{% macro redshift__muster_whole_days(earlier, later) %}
    {{- "(datediff(microsecond, " ~ earlier ~ ", " ~ later ~ ") / 86400000000)" -}}
{% endmacro %}

{% macro trino__muster_whole_days(earlier, later) %}
    {{- "date_diff('day', " ~ earlier ~ ", " ~ later ~ ")" -}}
{% endmacro %}
