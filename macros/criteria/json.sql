{% macro muster_from_json(column, path, type, timezone) %}
    {#- The value at a path, as one of its type; null where it has another one. Times are in UTC. -#}
    {%- set json = muster.muster_json_at(muster.muster_json(column), path) -%}
    {%- if type == 'list' -%}
        {{- muster.muster_json_texts(json) -}}
    {%- elif type == 'string' -%}
        {{- muster._muster_json_string(json) -}}
    {%- elif type == 'boolean' -%}
        {%- set text = 'lower(' ~ muster._muster_json_scalar(json, ['boolean', 'string']) ~ ')' -%}
        {{- 'case ' ~ text ~ " when 'true' then true when 'false' then false end" -}}
    {%- elif type in ['integer', 'number'] -%}
        {{- muster.muster_try(muster._muster_json_scalar(json, ['number', 'string']), type) -}}
    {%- else -%}
        {%- set value = muster.muster_try(muster._muster_json_scalar(json, ['string']), type) -%}
        {{- muster.muster_utc(value, 'timestamp', timezone) if type == 'timestamp' else value -}}
    {%- endif -%}
{% endmacro %}


{% macro _muster_json_scalar(json, kinds) %}
    {%- set parts = [] -%}
    {%- for kind in kinds -%}
        {%- do parts.append(muster.muster_json_is(json, kind)) -%}
    {%- endfor -%}
    {{- 'case when ' ~ parts | join(' or ') ~ ' then ' ~ muster.muster_json_text(json) ~ ' end' -}}
{% endmacro %}


{% macro _muster_json_string(json) %}
    {#- A text, true and false, and whole numbers in plain digits; how another number is written is a warehouse's own. -#}
    {%- set scalar = muster._muster_json_scalar(json, ['string']) -%}
    {%- set whole = muster.muster_try(muster._muster_json_scalar(json, ['number']), 'integer') -%}
    {%- set boolean = 'lower(' ~ muster._muster_json_scalar(json, ['boolean']) ~ ')' -%}
    {{- 'coalesce(' ~ [scalar, muster.muster_text(whole), boolean] | join(', ') ~ ')' -}}
{% endmacro %}
