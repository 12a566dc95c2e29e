{% macro muster_rule_name(step, text, country) %}
    {#- Meta's: lower case, without white space and without ASCII's punctuation; letters of any script stay. -#}
    {%- if step == 'clean' -%}
        {{- muster.muster_letters('lower(' ~ text ~ ')') -}}
    {%- elif step == 'normal' -%}
        {{- 'nullif(' ~ text ~ ", '')" -}}
    {%- else -%}
        {{- "'no_letters'" -}}
    {%- endif -%}
{% endmacro %}


{% macro muster_rule_name_trimmed(step, text, country) %}
    {#- Google's: lower case without white space at the ends. -#}
    {%- if step == 'clean' -%}
        {{- 'lower(' ~ muster.muster_trim_white_space(text) ~ ')' -}}
    {%- else -%}
        {{- muster.muster_rule_name(step, text, country) -}}
    {%- endif -%}
{% endmacro %}


{% macro muster_rule_initial(step, text, country) %}
    {%- if step == 'normal' -%}
        {{- 'nullif(substr(' ~ text ~ ", 1, 1), '')" -}}
    {%- else -%}
        {{- muster.muster_rule_name(step, text, country) -}}
    {%- endif -%}
{% endmacro %}


{% macro muster_rule_gender(step, text, country) %}
    {#- Meta knows two and asks for nothing where it is neither. -#}
    {%- if step == 'clean' -%}
        {{- 'lower(' ~ muster.muster_trim_white_space(text) ~ ')' -}}
    {%- elif step == 'normal' -%}
        {{- 'case when ' ~ text ~ " in ('m', 'male', 'man') then 'm' when " ~ text ~ " in ('f', 'female', 'woman') then 'f' end" -}}
    {%- else -%}
        {{- "'not_m_or_f'" -}}
    {%- endif -%}
{% endmacro %}


{% macro muster_letters(text) %}
    {#- Brackets stand by themselves, and the backslash goes first: inside a list of characters each warehouse escapes
        them its own way. -#}
    {%- set listed = '[' ~ muster.muster_white_space() ~ '!"#$%&\'()*+,./:;<=>?@^_`{|}~-]' -%}
    {%- set unescaped = 'replace(' ~ text ~ ', ' ~ muster.muster_string('\\') ~ ", '')" -%}
    {{- muster.muster_regex_replace(unescaped, '(' ~ listed ~ '|\\[|\\])+', '') -}}
{% endmacro %}
