{% macro muster_sync_may_share(request) %}
    {#- Whether a removal may take away what somebody else is held by: two people may have one phone number, and a
        destination that knows identifiers alone forgets it for both. -#}
    {%- set single = request['identifiers'] | selectattr('many', 'none') | list -%}
    {{- 'yes' if request['keyed_by'] == 'fingerprint' and not request['snapshot'] and single | length > 1 else '' -}}
{% endmacro %}


{% macro muster_sync_shared(request) %}
    {#- Who stays and has an identifier in common with somebody who is removed, and so is sent again after that. -#}
    {%- set single = request['identifiers'] | selectattr('many', 'none') | list -%}
{%- for identifier in single %}
{%- set place = identifier['place'] %}
removed_{{ place }} as (
    select distinct {{ muster.muster_json_text_in('held_identifiers', identifier['name']) }} as removed_value
    from compared
    where action = 'remove'
),
{% endfor %}
shared as (
    select distinct {{ muster.muster_md5('written_members.identifiers') }} as shared_fingerprint
    from written_members
    inner join (
        {%- for identifier in single %}
        {%- set place = identifier['place'] %}
        {%- if not loop.first %}
        union all
        {%- endif %}
        select sent_members.entity_key
        from sent_members
        inner join removed_{{ place }} on sent_members.value_{{ place }} = removed_{{ place }}.removed_value
        {%- endfor %}
    ) as sharing on written_members.entity_key = sharing.entity_key
)
{%- endmacro %}


{% macro muster_sync_doubt_resent(state, plan, request) %}
    {#- Who is sent again counts as unconfirmed from before the first removal on: a sync that dies between the two
        would otherwise leave nobody knowing that they have to be. -#}
update {{ state }}
set confirmed = false
where {{ muster.muster_sync_pair(request['destination'], request['audience']) }}
    and confirmed
    and fingerprint in (select planned.fingerprint from {{ plan }} as planned where planned.resent)
{% endmacro %}
