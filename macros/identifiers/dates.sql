{% macro muster_rule_date(step, text, country) %}
    {#- YYYY-MM-DD, of a date or a timestamp in ISO 8601, with dashes, slashes or nothing between its parts. Dates
        that begin with a day or a month cannot be told from one another. -#}
    {%- if step == 'clean' -%}
        {%- set bare = 'lower(' ~ muster.muster_trim_white_space(text) ~ ')' %}
    case
        when {{ muster.muster_matches(bare, muster.muster_pattern('^[0-9]{8}$')) }}
            then substr({{ bare }}, 1, 4) || '-' || substr({{ bare }}, 5, 2) || '-' || substr({{ bare }}, 7, 2)
        when {{ muster.muster_matches(bare, muster.muster_pattern('^[0-9]{4}[-/][0-9]{2}[-/][0-9]{2}([ t][0-9:.+z -]*)?$')) }}
            then replace(substr({{ bare }}, 1, 10), '/', '-')
        else {{ bare }}
    end
    {%- elif step == 'normal' -%}
        {{- 'case when ' ~ muster.muster_is_a_date(text) ~ ' then ' ~ text ~ ' end' -}}
    {%- else -%}
        {{- "'not_a_date'" -}}
    {%- endif -%}
{% endmacro %}


{% macro muster_rule_birth_year(step, text, country) %}
    {#- YYYY of a date, or a year by itself. -#}
    {%- if step == 'normal' -%}
        {{- 'case when ' ~ muster.muster_is_a_date(text) ~ ' then substr(' ~ text ~ ', 1, 4) when '
            ~ muster.muster_matches(text, muster.muster_pattern('^[1-9][0-9]{3}$')) ~ ' then ' ~ text ~ ' end' -}}
    {%- else -%}
        {{- muster.muster_rule_date(step, text, country) -}}
    {%- endif -%}
{% endmacro %}


{% macro muster_rule_birth_month(step, text, country) %}
    {#- MM of a date, or a month by itself: its number or its English name. -#}
    {%- if step == 'normal' -%}
        {%- set months = ['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october', 'november', 'december'] -%}
    case
        when {{ muster.muster_is_a_date(text) }} then substr({{ text }}, 6, 2)
        when {{ muster.muster_matches(text, muster.muster_pattern('^(0?[1-9]|1[0-2])$')) }} then lpad({{ text }}, 2, '0')
        {%- for month in months %}
        when {{ text }} in ('{{ month }}', '{{ month[:3] }}') then '{{ ('0' ~ loop.index)[-2:] }}'
        {%- endfor %}
    end
    {%- else -%}
        {{- muster.muster_rule_date(step, text, country) -}}
    {%- endif -%}
{% endmacro %}


{% macro muster_rule_birth_day(step, text, country) %}
    {#- DD of a date, or a day of the month by itself. -#}
    {%- if step == 'normal' -%}
        {{- 'case when ' ~ muster.muster_is_a_date(text) ~ ' then substr(' ~ text ~ ', 9, 2) when '
            ~ muster.muster_matches(text, muster.muster_pattern('^(0?[1-9]|[12][0-9]|3[01])$')) ~ ' then lpad(' ~ text ~ ", 2, '0') end" -}}
    {%- else -%}
        {{- muster.muster_rule_date(step, text, country) -}}
    {%- endif -%}
{% endmacro %}


{% macro muster_is_a_date(text) %}
    {{- '(' ~ muster.muster_try(text, 'date') ~ ') is not null' -}}
{% endmacro %}
