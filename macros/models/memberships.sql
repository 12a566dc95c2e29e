{% macro muster_memberships_model(audiences, relations) %}
    {%- for audience in audiences %}
{{ 'union all' if not loop.first }}
select
    {{ muster.muster_cast(muster.muster_string(audience['audience']), 'string') }} as audience,
    {{ muster.muster_cast(muster.muster_string(audience['entity']), 'string') }} as entity,
    {{ muster.muster_text(muster.muster_identifier(audience['key'])) }} as entity_key,
    {{ muster.muster_identifier('variant') if audience.get('split', false) else muster.muster_cast('null', 'string') }} as variant
from {{ relations[audience['audience']] }}
    {%- endfor %}
    {%- if not audiences %}
select
    {{ muster.muster_cast('null', 'string') }} as audience,
    {{ muster.muster_cast('null', 'string') }} as entity,
    {{ muster.muster_cast('null', 'string') }} as entity_key,
    {{ muster.muster_cast('null', 'string') }} as variant
where false
    {%- endif %}
{% endmacro %}


{% macro muster_audiences_model(audiences) %}
    {%- for audience in audiences or [{'audience': '', 'entity': '', 'owner': '', 'digest': ''}] %}
{{ 'union all' if not loop.first }}
select
    {{ muster.muster_cast(muster.muster_string(audience['audience']), 'string') }} as audience,
    {{ muster.muster_cast(muster.muster_string(audience['entity']), 'string') }} as entity,
    {{ muster.muster_cast(muster.muster_string(audience['owner']) if audience['owner'] is not none else 'null', 'string') }} as owner,
    {{ muster.muster_cast(muster.muster_string(audience['digest']), 'string') }} as digest
    {%- endfor %}
    {%- if not audiences %}
where false
    {%- endif %}
{% endmacro %}
