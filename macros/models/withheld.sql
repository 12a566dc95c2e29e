{% macro muster_withheld(audience) %}
    {#- Why a member is never sent, whatever the destination; null for the others. -#}
    {%- set branches = [] -%}
    {%- if audience.get('variant', false) -%}
        {%- set variant = 'members.' ~ muster.muster_identifier('variant') -%}
        {%- do branches.append('when ' ~ variant ~ " in ('holdout', 'control') then " ~ variant) -%}
    {%- endif -%}
    {%- if audience.get('suppressed') is not none -%}
        {%- set key = muster.muster_column('suppressed', audience['key']) -%}
        {%- do branches.append('when ' ~ key ~ " is not null then 'suppressed'") -%}
    {%- endif -%}
    {%- for group in audience.get('priorities', []) -%}
        {%- set given = muster.muster_given_to(audience['audience'], loop.index) -%}
        {%- do branches.append('when ' ~ muster.muster_not(given) ~ " then 'priority'") -%}
    {%- endfor -%}
    {{- muster.muster_cast('case ' ~ branches | join(' ') ~ ' end' if branches else 'null', 'string') -}}
{% endmacro %}


{% macro muster_given_to(audience, place) %}
    {{- 'priority_' ~ place ~ '.audience = ' ~ muster.muster_string(audience) -}}
{% endmacro %}


{% macro muster_withholding_joins(audience, relations) %}
    {#- The tables that say who is withheld; the members at hand are `members`. -#}
    {%- set key = muster.muster_identifier(audience['key']) -%}
    {%- if audience.get('suppressed') is not none %}
left join {{ relations[audience['suppressed']] }} as suppressed
    on suppressed.{{ key }} = members.{{ key }}
    {%- endif -%}
    {%- for group in audience.get('priorities', []) %}
left join {{ relations[group] }} as priority_{{ loop.index }}
    on priority_{{ loop.index }}.{{ key }} = members.{{ key }}
    {%- endfor -%}
{% endmacro %}
