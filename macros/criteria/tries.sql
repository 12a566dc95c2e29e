{% macro muster_try(text, type) %}
    {#- A text as a value of another type; null where it is none. -#}
    {%- set time = '([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,6})?)?' -%}
    {%- set day = '[1-9][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])' -%}
    {%- set shapes = {
        'number': '-?[0-9]{1,29}([.][0-9]{1,30})?([eE][-+]?[0-9]{1,2})?',
        'integer': '-?[0-9]{1,29}([.][0-9]{1,30})?([eE][-+]?[0-9]{1,2})?',
        'date': day,
        'timestamp': day ~ '[T ]' ~ time,
        'timestamptz': day ~ '[T ]' ~ time ~ '(Z|[-+](0[0-9]|1[0-3]):[0-5][0-9])',
    } -%}
    {%- if type in ['number', 'integer'] -%}
        {%- set value = muster.muster_try_number(text) -%}
    {%- elif type == 'date' -%}
        {%- set value = muster.muster_try_date(text) -%}
    {%- elif type == 'timestamp' -%}
        {%- set value = muster.muster_try_timestamp(text) -%}
    {%- else -%}
        {%- set value = muster.muster_try_instant(text) -%}
    {%- endif -%}
    {%- set shaped = muster.muster_matches('(' ~ text ~ ')', muster.muster_string('^(' ~ shapes[type] ~ ')$')) -%}
    {%- set tried = 'case when ' ~ shaped ~ ' then ' ~ value ~ ' end' -%}
    {{- muster.muster_whole(tried) if type == 'integer' else tried -}}
{% endmacro %}


{% macro muster_whole(number) %}
    {#- A decimal as a whole number; null where it has a fraction, or is too large to be one. -#}
    {{- 'case when ' ~ number ~ ' = floor(' ~ number ~ ') and ' ~ number ~ ' between -9223372036854775807 and 9223372036854775807 then '
        ~ muster.muster_cast(number, 'bigint') ~ ' end' -}}
{% endmacro %}
