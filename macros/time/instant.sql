{% macro muster_instant(point, timezone) %}
    {%- if 'ago' in point -%}
        {{ return(muster.muster_add_units(muster.muster_as_of(), -point['ago'][0], point['ago'][1])) }}
    {%- elif 'ahead' in point -%}
        {{ return(muster.muster_add_units(muster.muster_as_of(), point['ahead'][0], point['ahead'][1])) }}
    {%- elif 'at' in point -%}
        {{ return(muster.muster_parse_instant(point['at'])) }}
    {%- elif 'local' in point -%}
        {{ return(muster.muster_to_utc(muster.muster_parse_instant(point['local']), timezone)) }}
    {%- endif -%}
    {%- set today = muster.muster_start_of(muster.muster_to_local(muster.muster_as_of(), timezone), 'day') -%}
    {%- if 'local_midnight' in point -%}
        {%- set steps = point['local_midnight'] -%}
        {{ return(muster.muster_to_utc(muster.muster_add_units(today, -steps[0], steps[1]), timezone)) }}
    {%- endif -%}
    {%- set steps = point['start_of'] -%}
    {%- set boundary = muster.muster_add_units(muster.muster_start_of(today, steps[0]), steps[1], steps[0]) -%}
    {{ return(muster.muster_to_utc(boundary, timezone)) }}
{% endmacro %}


{% macro muster_local_date_from(instant, timezone) %}
    {%- set local = muster.muster_to_local(instant, timezone) -%}
    {%- set date = muster.muster_start_of(local, 'day') -%}
    {%- if muster.muster_to_utc(date, timezone) < instant -%}
        {%- set date = date + modules.datetime.timedelta(days=1) -%}
    {%- endif -%}
    {{ return(date) }}
{% endmacro %}
