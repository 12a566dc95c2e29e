{#- Casts of text that give null where the text is no such value. The text has the shape of one already
    (`muster_try`); whether there is such a number or such a day is found out here. -#}

{% macro muster_try_number(text) %}
    {{- adapter.dispatch('muster_try_number', 'muster')(text) -}}
{% endmacro %}

{% macro default__muster_try_number(text) %}
    {{- 'try_cast(' ~ text ~ ' as ' ~ muster.muster_type('number') ~ ')' -}}
{% endmacro %}

{% macro postgres__muster_try_number(text) %}
    {%- set number = 'cast(' ~ text ~ ' as numeric)' -%}
    {{- 'case when abs(' ~ number ~ ') < 1e29 then cast(' ~ number ~ ' as numeric(38, 9)) end' -}}
{% endmacro %}

{% macro redshift__muster_try_number(text) %}
    {#- Plain digits are exact. Else a double first: no decimal of Redshift takes an exponent, or more than 38 digits. -#}
    {%- set plain = muster.muster_matches('(' ~ text ~ ')', muster.muster_string('^-?[0-9]{1,28}([.][0-9]{1,9})?$')) -%}
    {%- set double = 'cast(' ~ text ~ ' as double precision)' -%}
    {{- 'case when ' ~ plain ~ ' then cast(' ~ text ~ ' as decimal(38, 9)) when abs(' ~ double ~ ') < 1e28 then cast(' ~ double ~ ' as decimal(38, 9)) end' -}}
{% endmacro %}

{% macro snowflake__muster_try_number(text) %}
    {{- 'try_to_decimal(' ~ text ~ ', 38, 9)' -}}
{% endmacro %}

{% macro bigquery__muster_try_number(text) %}
    {%- set number = 'round(safe_cast(' ~ text ~ ' as bignumeric), 9)' -%}
    {{- 'case when abs(' ~ number ~ ') < 1e29 then ' ~ number ~ ' end' -}}
{% endmacro %}


{% macro muster_try_date(text) %}
    {{- adapter.dispatch('muster_try_date', 'muster')(text) -}}
{% endmacro %}

{% macro default__muster_try_date(text) %}
    {{- 'try_cast(' ~ text ~ ' as date)' -}}
{% endmacro %}

{% macro postgres__muster_try_date(text) %}
    {{- 'case when ' ~ muster._muster_is_a_day(text) ~ ' then cast(' ~ text ~ ' as date) end' -}}
{% endmacro %}

{% macro snowflake__muster_try_date(text) %}
    {{- "try_to_date(" ~ text ~ ", 'YYYY-MM-DD')" -}}
{% endmacro %}

{% macro bigquery__muster_try_date(text) %}
    {{- 'safe_cast(' ~ text ~ ' as date)' -}}
{% endmacro %}


{% macro muster_try_timestamp(text) %}
    {{- adapter.dispatch('muster_try_timestamp', 'muster')(text) -}}
{% endmacro %}

{% macro default__muster_try_timestamp(text) %}
    {{- 'try_cast(' ~ text ~ ' as timestamp)' -}}
{% endmacro %}

{% macro postgres__muster_try_timestamp(text) %}
    {{- 'case when ' ~ muster._muster_is_a_day(text) ~ ' then cast(' ~ text ~ ' as timestamp) end' -}}
{% endmacro %}

{% macro snowflake__muster_try_timestamp(text) %}
    {{- 'try_to_timestamp_ntz(' ~ text ~ ')' -}}
{% endmacro %}

{% macro bigquery__muster_try_timestamp(text) %}
    {{- 'safe_cast(' ~ text ~ ' as datetime)' -}}
{% endmacro %}

{% macro spark__muster_try_timestamp(text) %}
    {#- Spark's timestamp is an instant; the zone keeps the session's zone out of it. -#}
    {{- 'try_cast(' ~ muster._muster_with_seconds("concat(" ~ text ~ ", 'Z')") ~ ' as timestamp)' -}}
{% endmacro %}

{% macro trino__muster_try_timestamp(text) %}
    {{- "try_cast(replace(" ~ text ~ ", 'T', ' ') as timestamp(6))" -}}
{% endmacro %}


{% macro muster_try_instant(text) %}
    {{- adapter.dispatch('muster_try_instant', 'muster')(text) -}}
{% endmacro %}

{% macro default__muster_try_instant(text) %}
    {{- "(try_cast(" ~ text ~ " as timestamptz) at time zone 'UTC')" -}}
{% endmacro %}

{% macro postgres__muster_try_instant(text) %}
    {{- "case when " ~ muster._muster_is_a_day(text) ~ " then cast(" ~ text ~ " as timestamptz) at time zone 'UTC' end" -}}
{% endmacro %}

{% macro snowflake__muster_try_instant(text) %}
    {{- "convert_timezone('UTC', try_to_timestamp_tz(" ~ text ~ "))::timestamp_ntz" -}}
{% endmacro %}

{% macro bigquery__muster_try_instant(text) %}
    {{- "datetime(safe_cast(" ~ text ~ " as timestamp), 'UTC')" -}}
{% endmacro %}

{% macro spark__muster_try_instant(text) %}
    {{- 'try_cast(' ~ muster._muster_with_seconds(text) ~ ' as timestamp)' -}}
{% endmacro %}

{% macro trino__muster_try_instant(text) %}
    {{- "cast(try(from_iso8601_timestamp_nanos(replace(" ~ text ~ ", ' ', 'T'))) at time zone 'UTC' as timestamp(6))" -}}
{% endmacro %}


{% macro _muster_with_seconds(text) %}
    {#- Spark reads no zone after minutes. -#}
    {{- "regexp_replace(" ~ text ~ ", '^([^:]+:[0-9][0-9])([^:0-9])', '$1:00$2')" -}}
{% endmacro %}


{% macro _muster_is_a_day(text) %}
    {#- Whether the month that a date names has that many days; PostgreSQL's casts know no way to fail but an error. -#}
    {{- "cast(substr(" ~ text ~ ", 9, 2) as integer) <= extract(day from cast(substr(" ~ text
        ~ ", 1, 7) || '-01' as date) + interval '1 month' - interval '1 day')" -}}
{% endmacro %}
