{% macro muster_later(instant, count, unit) %}
    {#- Of the calendar's units a month is the smallest, and of the exact ones a minute: a warehouse may count a day
        by some clock. -#}
    {%- set months = {'month': 1, 'quarter': 3, 'year': 12} -%}
    {%- set minutes = {'minute': 1, 'hour': 60, 'day': 1440, 'week': 10080} -%}
    {%- if unit in months -%}
        {{- adapter.dispatch('muster_months_later', 'muster')(instant, count * months[unit]) -}}
    {%- else -%}
        {{- adapter.dispatch('muster_minutes_later', 'muster')(instant, count * minutes[unit]) -}}
    {%- endif -%}
{% endmacro %}


{% macro default__muster_minutes_later(instant, count) %}
    {{- "(" ~ instant ~ " + interval '" ~ count ~ "' minute)" -}}
{% endmacro %}

{% macro snowflake__muster_minutes_later(instant, count) %}
    {{- 'dateadd(minute, ' ~ count ~ ', ' ~ instant ~ ')' -}}
{% endmacro %}

{% macro bigquery__muster_minutes_later(instant, count) %}
    {{- 'datetime_add(' ~ instant ~ ', interval ' ~ count ~ ' minute)' -}}
{% endmacro %}

{% macro spark__muster_minutes_later(instant, count) %}
    {#- An interval of a day or more is added by the session's clock; microseconds are by none. -#}
    {{- 'timestamp_micros(unix_micros(' ~ instant ~ ') + ' ~ count * 60000000 ~ ')' -}}
{% endmacro %}

{% macro redshift__muster_minutes_later(instant, count) %}
    {{- 'dateadd(minute, ' ~ count ~ ', ' ~ instant ~ ')' -}}
{% endmacro %}

{% macro trino__muster_minutes_later(instant, count) %}
    {{- "date_add('minute', " ~ count ~ ', ' ~ instant ~ ')' -}}
{% endmacro %}


{% macro default__muster_months_later(instant, count) %}
    {{- "(" ~ instant ~ " + interval '" ~ count ~ "' month)" -}}
{% endmacro %}

{% macro snowflake__muster_months_later(instant, count) %}
    {{- 'dateadd(month, ' ~ count ~ ', ' ~ instant ~ ')' -}}
{% endmacro %}

{% macro bigquery__muster_months_later(instant, count) %}
    {{- 'datetime_add(' ~ instant ~ ', interval ' ~ count ~ ' month)' -}}
{% endmacro %}

{% macro spark__muster_months_later(instant, count) %}
    {#- Months are added by the session's clock, so the instant is moved to where that clock shows UTC, and back. -#}
    {{- "from_utc_timestamp(to_utc_timestamp(" ~ instant ~ ", current_timezone()) + interval '" ~ count ~ "' month, current_timezone())" -}}
{% endmacro %}

{% macro redshift__muster_months_later(instant, count) %}
    {{- 'dateadd(month, ' ~ count ~ ', ' ~ instant ~ ')' -}}
{% endmacro %}

{% macro trino__muster_months_later(instant, count) %}
    {{- "date_add('month', " ~ count ~ ', ' ~ instant ~ ')' -}}
{% endmacro %}
