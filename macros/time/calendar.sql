{% macro muster_add_months(moment, count) %}
    {%- set months = moment.year * 12 + moment.month - 1 + count -%}
    {%- set year = months // 12 -%}
    {%- set month = months % 12 + 1 -%}
    {%- set leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) -%}
    {%- set longest = [31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] -%}
    {{ return(moment.replace(year=year, month=month, day=[moment.day, longest] | min)) }}
{% endmacro %}


{% macro muster_add_units(moment, count, unit) %}
    {%- set months = {'month': 1, 'quarter': 3, 'year': 12} -%}
    {%- set minutes = {'minute': 1, 'hour': 60, 'day': 1440, 'week': 10080} -%}
    {%- if unit in months -%}
        {{ return(muster.muster_add_months(moment, count * months[unit])) }}
    {%- endif -%}
    {{ return(moment + modules.datetime.timedelta(minutes=count * minutes[unit])) }}
{% endmacro %}


{% macro muster_start_of(moment, unit) %}
    {%- set midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0) -%}
    {%- if unit == 'week' -%}
        {{ return(midnight - modules.datetime.timedelta(days=midnight.weekday())) }}
    {%- elif unit == 'month' -%}
        {{ return(midnight.replace(day=1)) }}
    {%- elif unit == 'quarter' -%}
        {{ return(midnight.replace(month=(midnight.month - 1) // 3 * 3 + 1, day=1)) }}
    {%- elif unit == 'year' -%}
        {{ return(midnight.replace(month=1, day=1)) }}
    {%- endif -%}
    {{ return(midnight) }}
{% endmacro %}
