{% macro muster_rule_text(step, text, country) %}
    {#- As it is; an empty text is none. -#}
    {%- if step == 'clean' -%}
        {{- text -}}
    {%- elif step == 'normal' -%}
        {{- 'nullif(' ~ text ~ ", '')" -}}
    {%- else -%}
        {{- "'empty'" -}}
    {%- endif -%}
{% endmacro %}


{% macro muster_rule_id_trimless(step, text, country) %}
    {#- As it is, for platforms that refuse a whole batch for an id with white space at its ends. -#}
    {%- if step == 'clean' -%}
        {{- text -}}
    {%- elif step == 'normal' -%}
        {{- 'case when ' ~ muster.muster_trim_white_space(text) ~ ' = ' ~ text ~ ' then nullif(' ~ text ~ ", '') end" -}}
    {%- else -%}
        {{- "'white_space'" -}}
    {%- endif -%}
{% endmacro %}


{% macro muster_rule_maid(step, text, country) %}
    {#- The advertising id of a mobile device; who opted out has one of zeros, which is nobody's. -#}
    {%- set zeros = '00000000-0000-0000-0000-000000000000' -%}
    {%- if step == 'clean' -%}
        {{- 'lower(' ~ muster.muster_trim_white_space(text) ~ ')' -}}
    {%- elif step == 'normal' -%}
        {%- set shape = '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$' -%}
        {{- 'case when (' ~ muster.muster_matches(text, muster.muster_pattern(shape)) ~ ') and ' ~ text ~ " <> '" ~ zeros ~ "' then " ~ text ~ ' end' -}}
    {%- else -%}
        {{- 'case when ' ~ text ~ " = '" ~ zeros ~ "' then 'all_zeros' else 'not_an_advertising_id' end" -}}
    {%- endif -%}
{% endmacro %}


{% macro muster_rule_sha256(step, text, country) %}
    {#- A hash that somebody else made: 64 hex digits and nothing else. The length is compared first because a
        regular expression over every row costs more. -#}
    {%- if step == 'clean' -%}
        {{- 'lower(' ~ text ~ ')' -}}
    {%- elif step == 'normal' -%}
        {{- 'case when length(' ~ text ~ ') = 64 and (' ~ muster.muster_matches(text, muster.muster_pattern('^[0-9a-f]{64}$')) ~ ') then ' ~ text ~ ' end' -}}
    {%- else -%}
        {{- "'not_a_sha256'" -}}
    {%- endif -%}
{% endmacro %}
