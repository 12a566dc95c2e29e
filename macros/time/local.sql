{% macro muster_to_local(instant, timezone) %}
    {%- set aware = modules.pytz.utc.localize(instant) -%}
    {{ return(aware.astimezone(modules.pytz.timezone(timezone)).replace(tzinfo=none)) }}
{% endmacro %}


{% macro muster_to_utc(local, timezone) %}
    {#-
        A clock that goes back shows a time twice: the earlier one is meant. A clock that goes forward skips
        some: what was skipped is read with the offset from before, so that a midnight that never was becomes
        the first instant of its day.
    -#}
    {%- set zone = modules.pytz.timezone(timezone) -%}
    {%- set summer = zone.localize(local, is_dst=true).astimezone(modules.pytz.utc) -%}
    {%- set winter = zone.localize(local, is_dst=false).astimezone(modules.pytz.utc) -%}
    {%- set summer_exists = summer.astimezone(zone).replace(tzinfo=none) == local -%}
    {{ return((summer if summer_exists else winter).replace(tzinfo=none)) }}
{% endmacro %}
