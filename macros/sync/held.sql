{% macro muster_sync_held(request, relations) %}
    {#- What the destination holds or may hold, one row for each unit. A unit is settled where the destination
        acknowledged the last thing that it was told; only the others, always few, have to be grouped. -#}
    {%- set unit = request['keyed_by'] -%}
    {%- if not relations['state'] or not request.get('holds', true) -%}
held as (
    select entity_key, fingerprint, identifiers, true as settled
    from desired
    where false
)
    {%- else -%}
held_pairs as (
    select entity_key, fingerprint, identifiers, {{ 'false as confirmed' if request.get('anew', false) else 'confirmed' }}
    from {{ relations['state'] }}
    where {{ muster.muster_sync_pair(request['destination'], request['audience']) }}
),

doubtful as (
    select
        {{ unit }} as doubtful_unit,
        max(entity_key) as entity_key,
        max(fingerprint) as fingerprint,
        max(identifiers) as identifiers
    from held_pairs
    where not confirmed
    group by {{ unit }}
),

held as (
    select held_pairs.entity_key, held_pairs.fingerprint, held_pairs.identifiers, true as settled
    from held_pairs
    left join doubtful on held_pairs.{{ unit }} = doubtful.doubtful_unit
    where held_pairs.confirmed and doubtful.doubtful_unit is null
    union all
    select entity_key, fingerprint, identifiers, false as settled
    from doubtful
)
    {%- endif -%}
{% endmacro %}


{% macro muster_sync_pair(destination, audience) %}
    {{- 
        muster.muster_identifier('destination') ~ ' = ' ~ muster.muster_string(destination)
        ~ ' and ' ~ muster.muster_identifier('audience') ~ ' = ' ~ muster.muster_string(audience)
     -}}
{% endmacro %}
