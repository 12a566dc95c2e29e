{% macro muster_days_since(operand) %}
    {%- set time = operand['days_since'] -%}
    {%- set earlier = muster.muster_operand(time) -%}
    {%- if time['type'] == 'date' -%}
        {#- A day begins at local midnight. -#}
        {%- set earlier = muster.muster_utc(muster.muster_midnight(earlier), 'timestamp', operand['timezone']) -%}
    {%- endif -%}
    {{- muster.muster_whole_days(earlier, muster.muster_timestamp(muster.muster_as_of())) -}}
{% endmacro %}


{% macro muster_rate(operand) %}
    {#- One multiplication and one division of whole numbers, so that a rate is rounded once. -#}
    {%- set as_of = muster.muster_as_of() -%}
    {%- set length = muster._muster_microseconds(as_of - muster.muster_instant(operand['from'], operand['timezone'])) | int -%}
    {%- set period = muster._muster_microseconds(muster.muster_add_units(as_of, operand['per'][0], operand['per'][1]) - as_of) | int -%}
    {%- set minute = 60000000 -%}
    {%- set scale = minute if length % minute == 0 else 1 -%}
    {%- if length > 0 -%}
        {{- '(' ~ muster.muster_cast(muster.muster_operand(operand['rate']), 'double')
            ~ ' * ' ~ muster.muster_number(period // scale) ~ ' / ' ~ muster.muster_number(length // scale) ~ ')' -}}
    {%- else -%}
        {{- muster.muster_cast('null', 'double') -}}
    {%- endif -%}
{% endmacro %}


{% macro _muster_microseconds(length) %}
    {{- (length.days * 86400 + length.seconds) * 1000000 + length.microseconds -}}
{% endmacro %}


{% macro muster_share(operand) %}
    {%- set part = muster.muster_cast(muster.muster_operand(operand['share']), 'double') -%}
    {%- set whole = muster.muster_cast(muster.muster_operand(operand['of']), 'double') -%}
    {{- '(' ~ part ~ ' / nullif(' ~ whole ~ ', 0))' -}}
{% endmacro %}


{% macro muster_how_many(operand) %}
    {%- set parts = [] -%}
    {%- for condition in operand['how_many'] -%}
        {%- do parts.append('case when ' ~ muster.muster_condition(condition, operand['timezone']) ~ ' then 1 else 0 end') -%}
    {%- endfor -%}
    {{- '(' ~ parts | join(' + ') ~ ')' -}}
{% endmacro %}
