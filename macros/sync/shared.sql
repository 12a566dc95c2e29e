{% macro muster_sync_may_share(request) %}
    {#- Whether a removal may take away what somebody else is held by: two people may have one phone number, and a
        destination that knows identifiers alone forgets it for both. Of whoever is known by one value and nothing
        beside it there is only one record, however many people have the value. -#}
    {%- set identifiers = request['identifiers'] -%}
    {%- set lists = identifiers | rejectattr('many', 'none') | rejectattr('many', 'equalto', 1) | list -%}
    {%- set differ = identifiers | length > 1 or lists or (identifiers and request.get('traits')) -%}
    {{- 'yes' if request['keyed_by'] == 'fingerprint' and not request['snapshot'] and differ else '' -}}
{% endmacro %}


{% macro muster_sync_shared(request) %}
    {#- Who stays and has an identifier in common with somebody who is removed, and so is sent again after that.
        Whoever changes an identifier is removed as they were. -#}
{%- for identifier in request['identifiers'] %}
removed_{{ identifier['place'] }} as (
    select distinct held_value as removed_value
    from (
        {{ muster._muster_sync_held_values(identifier, "action = 'remove'") | indent(8) }}
    ) as removed
    where held_value is not null
),
{% endfor %}
shared as (
    select distinct shared_fingerprint
    from (
        select {{ muster.muster_md5('written_members.identifiers') }} as shared_fingerprint
        from written_members
        inner join (
            {%- for identifier in request['identifiers'] %}
            {{ 'union all' if not loop.first }}
            {{ muster._muster_sync_sharing(identifier) | indent(12) }}
            {%- endfor %}
        ) as sharing on written_members.entity_key = sharing.entity_key
        {%- for identifier in request['identifiers'] if request['add_only'] %}
        union all
        {{ muster._muster_sync_sharing_leavers(identifier) | indent(8) }}
        {%- endfor %}
    ) as fingerprints
)
{%- endmacro %}


{% macro _muster_sync_sharing(identifier) %}
    {%- set place = identifier['place'] -%}
    {%- if identifier['many'] is none -%}
select sent_members.entity_key
from sent_members
inner join removed_{{ place }} on sent_members.value_{{ place }} = removed_{{ place }}.removed_value
    {%- else -%}
select several_chosen_{{ place }}.entity_key
from several_chosen_{{ place }}
inner join removed_{{ place }} on several_chosen_{{ place }}.sent_value = removed_{{ place }}.removed_value
where several_chosen_{{ place }}.place <= {{ muster.muster_number(identifier['many']) }}
    {%- endif -%}
{%- endmacro %}


{% macro _muster_sync_sharing_leavers(identifier) %}
    {#- Where who leaves stays at the destination, they are in no table any more but the state. -#}
    {%- set place = identifier['place'] -%}
select held_fingerprint
from (
    {{ muster._muster_sync_held_values(identifier, "action = 'keep' and desired_fingerprint is null") | indent(4) }}
) as leavers
inner join removed_{{ place }} on leavers.held_value = removed_{{ place }}.removed_value
{%- endmacro %}


{% macro _muster_sync_held_values(identifier, condition) %}
    {#- The values of an identifier as they were sent, of some of the rows that were compared. Where the state has a
        list, a row for each of its values. -#}
    {%- if identifier['many'] is none or identifier['many'] == 1 -%}
select held_fingerprint, {{ muster.muster_json_text_in('held_text', identifier['name']) }} as held_value
from (
    {{ muster._muster_sync_held_texts(condition) | indent(4) }}
) as held_rows
    {%- else -%}
select held_lists.held_fingerprint, {{ muster.muster_item() }} as held_value
from (
    select held_fingerprint, {{ muster.muster_json_texts_in('held_text', identifier['name']) }} as held_list
    from (
        {{ muster._muster_sync_held_texts(condition) | indent(8) }}
    ) as held_rows
) as held_lists
{{ muster.muster_each_text('held_lists.held_list') }}
    {%- endif -%}
{%- endmacro %}


{% macro _muster_sync_held_texts(condition) %}
    {#- Control characters may stand in the text as they are, and no warehouse reads JSON with them. -#}
select held_fingerprint, {{ muster.muster_regex_replace('held_identifiers', '[\u0001-\u001f]', '') }} as held_text
from compared
where {{ condition }}
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
