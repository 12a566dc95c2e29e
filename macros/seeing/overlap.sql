{% macro muster_overlap_counts(memberships, audiences) %}
    {%- set quoted = [] -%}
    {%- for name in audiences -%}
        {%- do quoted.append(muster.muster_string(name)) -%}
    {%- endfor -%}
select
    one.audience,
    other.audience as other_audience,
    count(*) as size
from {{ memberships }} as one
inner join {{ memberships }} as other
    on other.entity = one.entity
    and other.entity_key = one.entity_key
where one.audience in ({{ quoted | join(', ') }})
    and other.audience in ({{ quoted | join(', ') }})
group by one.audience, other.audience
{% endmacro %}
