{% macro muster_audience_model(audience, relations) %}
    {%- set key = muster.muster_identifier(audience['key']) -%}
select
    entity.{{ key }}
    {%- if audience.get('split') is not none or audience.get('holdout') is not none %},
    {{ muster.muster_member_variant(audience, 'entity.' ~ key) }} as {{ muster.muster_identifier('variant') }}
    {%- endif %}
{{- muster.muster_standing_members(audience, relations) if audience.get('standing', false) else muster.muster_qualified(audience, relations) }}
{% endmacro %}


{% macro muster_member_variant(audience, key) %}
    {#- Whom a group holds out is held out of every audience, whatever its split says. -#}
    {%- set variant = muster.muster_variant(audience['split'], key) if audience.get('split') is not none else 'null' -%}
    {%- set holdout = audience.get('holdout') -%}
    {%- if holdout is none -%}
        {{- variant -}}
    {%- else -%}
        {%- set held_out = muster.muster_slot_of(holdout['salt'], key) ~ ' < ' ~ muster.muster_number(holdout['slots']) -%}
        {{- muster.muster_cast("case when " ~ held_out ~ " then 'holdout' else " ~ variant ~ " end", 'string') -}}
    {%- endif -%}
{% endmacro %}


{% macro muster_slot_of(salt, key) %}
    {{- muster.muster_slot(muster.muster_string(salt ~ ':') ~ ' || ' ~ muster.muster_text(key)) -}}
{% endmacro %}


{% macro muster_variant(split, key) %}
    {#- Consecutive ranges of slots in the order of the variants, so that moving one boundary moves only the keys
        at it. -#}
    {%- set slot = muster.muster_slot_of(split['salt'], key) -%}
    {%- set branches = [] -%}
    {%- set end = namespace(slot=0) -%}
    {%- for variant in split['variants'] -%}
        {%- set end.slot = end.slot + variant[1] -%}
        {%- do branches.append('when ' ~ slot ~ ' < ' ~ end.slot ~ ' then ' ~ muster.muster_string(variant[0])) -%}
    {%- endfor -%}
    {{- muster.muster_cast('case ' ~ branches | join(' ') ~ ' end', 'string') -}}
{% endmacro %}
