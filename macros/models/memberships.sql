{% macro muster_memberships_model(audiences, relations) %}
    {%- set text = muster.muster_type('string') -%}
    {%- set variant = muster.muster_identifier('variant') -%}
    {%- for audience in audiences %}
{{ 'union all' if not loop.first }}
select
    cast({{ muster.muster_string(audience['audience']) }} as {{ text }}) as audience,
    cast({{ muster.muster_string(audience['entity']) }} as {{ text }}) as entity,
    cast(members.{{ muster.muster_identifier(audience['key']) }} as {{ text }}) as entity_key,
    {{ 'members.' ~ variant if audience.get('variant', false) else 'cast(null as ' ~ text ~ ')' }} as variant,
    {{ muster.muster_withheld(audience) }} as withheld
from {{ relations[audience['audience']] }} as members
{{- muster.muster_withholding_joins(audience, relations) }}
    {%- endfor %}
    {%- if not audiences %}
select
    cast(null as {{ text }}) as audience,
    cast(null as {{ text }}) as entity,
    cast(null as {{ text }}) as entity_key,
    cast(null as {{ text }}) as variant,
    cast(null as {{ text }}) as withheld
where false
    {%- endif %}
{% endmacro %}


{% macro muster_audiences_model(audiences) %}
    {%- set text = muster.muster_type('string') -%}
    {%- for audience in audiences or [{'audience': '', 'entity': '', 'owner': none, 'digest': ''}] %}
{{ 'union all' if not loop.first }}
select
    cast({{ muster.muster_string(audience['audience']) }} as {{ text }}) as audience,
    cast({{ muster.muster_string(audience['entity']) }} as {{ text }}) as entity,
    cast({{ muster.muster_string(audience['owner']) if audience['owner'] is not none else 'null' }} as {{ text }}) as owner,
    cast({{ muster.muster_string(audience['digest']) }} as {{ text }}) as digest
    {%- endfor %}
    {%- if not audiences %}
where false
    {%- endif %}
{% endmacro %}
