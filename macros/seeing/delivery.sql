{% macro muster_delivery_of_key(audience, relation, value, purposes) %}
    {#- One row: the variant of a key, and whether it agreed to each of some purposes. Nothing where it is not there. -#}
    {%- set key = 'entity.' ~ muster.muster_identifier(audience['key']) -%}
select
    {{ muster.muster_cast(muster.muster_member_variant(audience, key), 'string') }} as variant
    {%- for purpose in purposes %},
    case when entity.{{ muster.muster_identifier('consent__' ~ purpose) }} then 1 else 0 end as consent_{{ loop.index }}
    {%- endfor %}
from {{ relation }} as entity
where {{ muster.muster_text(key) }} = {{ muster.muster_string(value) }}
{% endmacro %}
