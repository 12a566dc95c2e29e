{% macro muster_as_of() %}
    {#- The one place that asks for the evaluation's instant: nothing else reads a clock. -#}
    {%- set given = var('muster_as_of', none) -%}
    {%- if given is none -%}
        {{ return(run_started_at.astimezone(modules.pytz.utc).replace(tzinfo=none)) }}
    {%- endif -%}
    {{ return(muster.muster_parse_instant(given | string)) }}
{% endmacro %}


{% macro muster_parse_instant(text) %}
    {%- set iso = text | trim | replace('T', ' ') | replace('Z', '+00:00') -%}
    {%- set pattern = '^[0-9]{4}-[0-9]{2}-[0-9]{2}( [0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?([+-][0-9]{2}:[0-9]{2})?)?$' -%}
    {%- if not modules.re.match(pattern, iso) -%}
        {{ exceptions.raise_compiler_error("muster_as_of is '" ~ text ~ "': expected a date or a timestamp such as 2026-01-31 or 2026-01-31T09:30:00Z") }}
    {%- endif -%}
    {%- set instant = modules.datetime.datetime.fromisoformat(iso) -%}
    {%- if instant.tzinfo is not none -%}
        {%- set instant = instant.astimezone(modules.pytz.utc).replace(tzinfo=none) -%}
    {%- endif -%}
    {{ return(instant) }}
{% endmacro %}
