{% macro muster_audience_model(audience, relations) %}
    {%- set key = muster.muster_identifier(audience['key']) -%}
select
    entity.{{ key }}
    {%- if audience.get('split') is not none %},
    {{ muster.muster_variant(audience['split'], 'entity.' ~ key) }} as {{ muster.muster_identifier('variant') }}
    {%- endif %}
{{- muster.muster_qualified(audience, relations) }}
{% endmacro %}


{% macro muster_variant(split, key) %}
    {#- Consecutive ranges of slots in the order of the variants, so that moving one boundary moves only the keys
        at it. -#}
    {%- set slot = muster.muster_slot(muster.muster_string(split['salt'] ~ ':') ~ ' || ' ~ muster.muster_text(key)) -%}
    {%- set branches = [] -%}
    {%- set end = namespace(slot=0) -%}
    {%- for variant in split['variants'] -%}
        {%- set end.slot = end.slot + variant[1] -%}
        {%- do branches.append('when ' ~ slot ~ ' < ' ~ end.slot ~ ' then ' ~ muster.muster_string(variant[0])) -%}
    {%- endfor -%}
    {{- muster.muster_cast('case ' ~ branches | join(' ') ~ ' end', 'string') -}}
{% endmacro %}
