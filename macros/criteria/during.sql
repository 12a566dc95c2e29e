{% macro muster_during(value, window, timezone) %}
    {%- set bounds = [] -%}
    {%- if window.get('from') is not none -%}
        {%- do bounds.append(muster._muster_bound(value, '>=', muster.muster_instant(window['from'], timezone), timezone)) -%}
    {%- endif -%}
    {%- if window.get('to') is not none -%}
        {%- do bounds.append(muster._muster_bound(value, '<', muster.muster_instant(window['to'], timezone), timezone)) -%}
    {%- endif -%}
    {{- '(' ~ bounds | join(' and ') ~ ')' -}}
{% endmacro %}


{% macro _muster_bound(value, sign, instant, timezone) %}
    {#- A plain comparison of the stored column with a literal wherever the type allows it, so that it prunes. -#}
    {%- set column = muster.muster_column(value.get('of'), value['column']) -%}
    {%- set zone = value.get('timezone') or 'UTC' -%}
    {%- if 'path' in value and value['type'] == 'date' -%}
        {{- muster.muster_operand(value) ~ ' ' ~ sign ~ ' ' ~ muster.muster_date(muster.muster_local_date_from(instant, timezone)) -}}
    {%- elif 'path' in value -%}
        {{- muster.muster_operand(value) ~ ' ' ~ sign ~ ' ' ~ muster.muster_timestamp(instant) -}}
    {%- elif value['type'] == 'date' -%}
        {{- column ~ ' ' ~ sign ~ ' ' ~ muster.muster_date(muster.muster_local_date_from(instant, timezone)) -}}
    {%- elif value['type'] == 'timestamptz' -%}
        {{- column ~ ' ' ~ sign ~ ' ' ~ muster.muster_timestamptz(instant) -}}
    {%- elif value['type'] == 'unknown' -%}
        {{- muster.muster_utc(column, 'unknown', none) ~ ' ' ~ sign ~ ' ' ~ muster.muster_timestamp(instant) -}}
    {%- elif zone == 'UTC' -%}
        {{- column ~ ' ' ~ sign ~ ' ' ~ muster.muster_timestamp(instant) -}}
    {%- else -%}
        {#- No zone is more than a day away from UTC: the first comparison prunes, the second decides. -#}
        {%- set day = modules.datetime.timedelta(days=1) -%}
        {%- set rough = instant - day if sign == '>=' else instant + day -%}
        {{- '(' ~ column ~ ' ' ~ sign ~ ' ' ~ muster.muster_timestamp(rough) ~ ' and '
            ~ muster.muster_utc(column, 'timestamp', zone) ~ ' ' ~ sign ~ ' ' ~ muster.muster_timestamp(instant) ~ ')' -}}
    {%- endif -%}
{% endmacro %}
