{% macro muster_suppressed_model(suppressed, relations) %}
    {%- set key = muster.muster_identifier(suppressed['key']) -%}
select {{ key }}
from (
    {%- for audience in suppressed['audiences'] %}
    {{ 'union all ' if not loop.first }}select {{ key }} from {{ relations[audience] }}
    {%- endfor %}
) as members
group by {{ key }}
{% endmacro %}


{% macro muster_priority_model(group, relations) %}
    {#- Each key once, with the first audience of the list that it is in. -#}
    {%- set key = muster.muster_identifier(group['key']) -%}
select
    {{ key }},
    case min(muster_place)
    {%- for audience in group['audiences'] %}
        when {{ loop.index }} then {{ muster.muster_text(muster.muster_string(audience)) }}
    {%- endfor %}
    end as audience
from (
    {%- for audience in group['audiences'] %}
    {{ 'union all ' if not loop.first }}select {{ key }}, {{ loop.index }} as muster_place from {{ relations[audience] }}
    {%- endfor %}
) as placed
group by {{ key }}
{% endmacro %}
