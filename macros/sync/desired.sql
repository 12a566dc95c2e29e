{% macro muster_sync_desired(request, relations) %}
    {#- The members that the destination should hold: consent applied, identifiers in the form that is sent.
        Named steps, so that each step's expression is written and computed once. -#}
    {%- set identifiers = request['identifiers'] -%}
    {%- set single = identifiers | selectattr('many', 'none') | list -%}
    {%- set several = identifiers | rejectattr('many', 'none') | list -%}
    {%- set traits = request.get('traits', []) -%}
cleaned_members as (
    select
        {{ muster.muster_text('members.' ~ muster.muster_identifier(request['key'])) }} as entity_key
        {%- for identifier in single %},
        {%- set raw = 'entity.' ~ muster.muster_identifier('identifier__' ~ identifier['source']) %}
        {{ raw }} as raw_{{ identifier['place'] }},
        {{ muster.muster_identifier_step(identifier, 'clean', raw) }} as clean_{{ identifier['place'] }}
        {%- endfor %}
        {%- for trait in traits %},
        {{ muster.muster_text('traits.' ~ muster.muster_identifier(trait['trait'])) }} as trait_{{ loop.index }}
        {%- endfor %}
    {{ muster.muster_sync_deliverable(request, relations) }}
),

normalised_members as (
    select
        entity_key
        {%- for identifier in single %},
        {%- set place = identifier['place'] %}
        raw_{{ place }},
        clean_{{ place }},
        {{ muster.muster_identifier_step(identifier, 'normal', 'clean_' ~ place) }} as normal_{{ place }}
        {%- endfor %}
        {%- for trait in traits %},
        trait_{{ loop.index }}
        {%- endfor %}
    from cleaned_members
),

sent_members as {{ muster.muster_computed_once() if single }}(
    select
        entity_key
        {%- for identifier in single %},
        {%- set place = identifier['place'] %}
        {{ muster.muster_identifier_sent(identifier, 'normal_' ~ place) }} as value_{{ place }},
        {{ muster.muster_identifier_refusal(identifier, 'raw_' ~ place, 'clean_' ~ place, 'normal_' ~ place) }} as refusal_{{ place }}
        {%- endfor %}
        {%- for trait in traits %},
        trait_{{ loop.index }}
        {%- endfor %}
    from normalised_members
),

{% for identifier in several -%}
{{ muster.muster_sync_several(identifier, relations) }}

{% endfor -%}
written_members as (
    select
        sent_members.entity_key,
        {%- for identifier in single %}
        refusal_{{ identifier['place'] }},
        {%- endfor %}
        {{ muster.muster_sync_usable(request) }} as usable,
        {{ muster.muster_sync_identifiers_text(identifiers, traits) }} as identifiers
    from sent_members
    {%- for identifier in several %}
    left join several_{{ identifier['place'] }}
        on sent_members.entity_key = several_{{ identifier['place'] }}.entity_key
    {%- endfor %}
),

{{ muster.muster_sync_quarantined(request) if identifiers }}{{ ',' if identifiers }}

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
        {%- do terms.append('value_' ~ identifier['place'] ~ ' is not null') -%}
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
{%- if request.get('traits') %}
left join {{ relations['traits'] }} as traits on members.{{ key }} = traits.{{ key }}
{%- endif %}
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
