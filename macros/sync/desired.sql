{% macro muster_sync_desired(request, relations) %}
    {#- The members that the destination should hold: consent applied, identifiers in the form that is sent.
        Three named steps, so that each step's expression is written and computed once. -#}
    {%- set identifiers = request['identifiers'] -%}
cleaned_members as (
    select
        {{ muster.muster_text('members.' ~ muster.muster_identifier(request['key'])) }} as entity_key
        {%- for identifier in identifiers %},
        {{ muster.muster_sync_cleaned(identifier, 'entity.' ~ muster.muster_identifier('identifier__' ~ identifier['name'])) }}
            as {{ muster.muster_identifier(identifier['name']) }}
        {%- endfor %}
    {{ muster.muster_sync_deliverable(request, relations) | indent(4) }}
),

normalised_members as (
    select
        entity_key
        {%- for identifier in identifiers %},
        {{ muster.muster_sync_normalised(identifier, muster.muster_identifier(identifier['name'])) }}
            as {{ muster.muster_identifier(identifier['name']) }}
        {%- endfor %}
    from cleaned_members
),

sent_members as (
    select
        entity_key
        {%- for identifier in identifiers %},
        {{ muster.muster_sync_sent(identifier, muster.muster_identifier(identifier['name'])) }}
            as {{ muster.muster_identifier(identifier['name']) }}
        {%- endfor %}
    from normalised_members
),

written_members as (
    select
        entity_key,
        {{ muster.muster_sync_usable(request) }} as usable,
        {{ muster.muster_sync_identifiers_text(identifiers) }} as identifiers
    from sent_members
),

desired as (
    {%- if request['keyed_by'] == 'entity_key' %}
    select
        entity_key,
        {{ muster.muster_md5('identifiers') }} as fingerprint,
        identifiers,
        usable,
        1 as members
    from written_members
    {%- else %}
    select
        min(entity_key) as entity_key,
        {{ muster.muster_md5('identifiers') }} as fingerprint,
        identifiers,
        usable,
        count(*) as members
    from written_members
    group by identifiers, usable
    {%- endif %}
)
{%- endmacro %}


{% macro muster_sync_usable(request) %}
    {#- Where identifiers are what the destination matches on, a member without any cannot be delivered. -#}
    {%- if not request['needs_identifier'] -%}
        {{- return('true') -}}
    {%- endif -%}
    {%- set terms = [] -%}
    {%- for identifier in request['identifiers'] -%}
        {%- do terms.append(muster.muster_identifier(identifier['name']) ~ ' is not null') -%}
    {%- endfor -%}
    {{- return('(' ~ (terms | join(' or ')) ~ ')') -}}
{% endmacro %}


{% macro muster_sync_deliverable(request, relations) %}
    {%- set key = muster.muster_identifier(request['key']) -%}
from {{ relations['audience'] }} as members
inner join {{ relations['entity'] }} as entity on members.{{ key }} = entity.{{ key }}
{%- if request.get('where') is not none %}
inner join {{ relations[request['where']] }} as sent_where on members.{{ key }} = sent_where.{{ key }}
{%- endif %}
{{- muster.muster_withholding_joins(request, relations) }}
where {{ 'false' if request.get('nobody', false) else 'true' }}
{%- if request.get('erased', false) %}
    and {{ muster.muster_not_erased(relations['erasures'], request['entity'], 'members.' ~ key) }}
{%- endif %}
{%- if request['consent'] %}
    and entity.{{ muster.muster_identifier('consent__' ~ request['consent']) }}
{%- endif %}
{%- if request.get('variants') %}
    and members.{{ muster.muster_identifier('variant') }} in ({{ muster.muster_sync_strings(request['variants']) }})
{%- endif %}
{%- if request.get('holdout', false) %}
    and coalesce(members.{{ muster.muster_identifier('variant') }}, '') <> 'holdout'
{%- endif %}
{%- if request.get('suppressed') is not none %}
    and suppressed.{{ key }} is null
{%- endif %}
{%- for group in request.get('priorities', []) %}
    and {{ muster.muster_given_to(request['audience'], loop.index) }}
{%- endfor %}
{%- endmacro %}
