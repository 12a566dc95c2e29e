{% macro muster_sync_may_share(request) %}
    {#- Whether a removal may take away what somebody else is held by: two people may have one phone number, and a
        destination that knows identifiers alone forgets it for both. Of whoever is known by one value and nothing
        beside it there is only one record, however many people have the value, unless they were sent by more before.
        Where nobody is held, nobody leaves. -#}
    {%- set identifiers = request['identifiers'] -%}
    {%- set lists = identifiers | rejectattr('many', 'none') | rejectattr('many', 'equalto', 1) | list -%}
    {%- set differ = identifiers | length > 1 or lists or request.get('traits') or request.get('matched_otherwise', false) -%}
    {%- set knows = request['keyed_by'] == 'fingerprint' and request.get('holds', true) -%}
    {%- set may = knows and not request['snapshot'] and differ and muster.muster_sync_ways(request) -%}
    {{- 'yes' if may else '' -}}
{% endmacro %}


{% macro muster_sync_ways(request) %}
    {#- The ways in which the destination finds somebody, each a list of identifiers: mostly one. What leads to nobody by
        itself, as a name or a country does, counts together, and only where a last name is among it: everybody in a
        country would have that in common. -#}
    {%- set ways = [] -%}
    {%- set together = [] -%}
    {%- for identifier in request['identifiers'] -%}
        {%- if identifier.get('alone', true) -%}
            {%- do ways.append([identifier]) -%}
        {%- elif identifier['many'] is none -%}
            {%- do together.append(identifier) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if together | selectattr('name', 'equalto', 'last_name') | list -%}
        {%- do ways.append(together) -%}
    {%- endif -%}
    {{- return(ways) -}}
{% endmacro %}


{% macro muster_sync_shared(request) %}
    {#- Who stays and has an identifier in common with somebody who is removed, and so is sent again after that.
        Whoever changes an identifier is removed as they were. -#}
    {%- set ways = muster.muster_sync_ways(request) -%}
{%- for way in ways %}
removed_{{ loop.index }} as (
    select distinct held_value as removed_value
    from (
        {{ muster._muster_sync_held_values(way, "action = 'remove'", request) }}
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
            {%- for way in ways %}
            {{ 'union all' if not loop.first }}
            {{ muster._muster_sync_sharing(way, 'removed_' ~ loop.index) }}
            {%- endfor %}
        ) as sharing on written_members.entity_key = sharing.entity_key
        {%- for way in ways if request['add_only'] or muster.muster_sync_rests(request) %}
        union all
        {{ muster._muster_sync_sharing_leavers(way, 'removed_' ~ loop.index, request) }}
        {%- endfor %}
    ) as fingerprints
)
{%- endmacro %}


{% macro _muster_sync_sharing(way, removed) %}
    {%- set place = way[0]['place'] -%}
    {%- if way[0]['many'] is none -%}
        {%- set values = [] -%}
        {%- for identifier in way -%}
            {%- do values.append([identifier['name'], 'sent_members.value_' ~ identifier['place']]) -%}
        {%- endfor -%}
select sent_members.entity_key
from sent_members
inner join {{ removed }} on {{ muster._muster_sync_together(values) }} = {{ removed }}.removed_value
    {%- else -%}
select several_chosen_{{ place }}.entity_key
from several_chosen_{{ place }}
inner join {{ removed }} on several_chosen_{{ place }}.sent_value = {{ removed }}.removed_value
where several_chosen_{{ place }}.place <= {{ muster.muster_number(way[0]['many']) }}
    {%- endif -%}
{%- endmacro %}


{% macro _muster_sync_together(values) %}
    {#- Pairs of a name and SQL: the value of one as it is, those of several as one text, which is null where there is
        no last name. -#}
    {%- set parts = [] -%}
    {%- for name, value in values -%}
        {%- set needed = values | length == 1 or name == 'last_name' -%}
        {%- do parts.append(value if needed else 'coalesce(' ~ value ~ ", '')") -%}
    {%- endfor -%}
    {{- parts | join(" || '|' || ") -}}
{%- endmacro %}


{% macro _muster_sync_sharing_leavers(way, removed, request) %}
    {#- Where who leaves stays at the destination, or the audience rests, they are in no table but the state. -#}
select held_fingerprint
from (
    {{ muster._muster_sync_held_values(way, "action = 'keep' and desired_fingerprint is null", request) }}
) as leavers
inner join {{ removed }} on leavers.held_value = {{ removed }}.removed_value
{%- endmacro %}


{% macro _muster_sync_held_values(way, condition, request) %}
    {#- The values of a way as they were sent, of some of the rows that were compared. Where the state has a list, a
        row for each of its values; it may have both where an identifier was, or was not, a list before. -#}
    {%- set otherwise = request.get('matched_otherwise', false) and way | length == 1 -%}
    {%- set listed = way[0]['many'] is not none and way[0]['many'] != 1 -%}
    {%- if otherwise or not listed -%}
{{ muster._muster_sync_held_plain(way, condition) }}
    {%- endif %}
    {%- if otherwise %}
union all
    {% endif %}
    {%- if otherwise or listed -%}
{{ muster._muster_sync_held_listed(way[0], condition) }}
    {%- endif -%}
{%- endmacro %}


{% macro _muster_sync_held_plain(way, condition) %}
    {%- set values = [] -%}
    {%- for identifier in way -%}
        {%- do values.append([identifier['name'], muster.muster_json_text_in('held_text', identifier['name'])]) -%}
    {%- endfor -%}
select held_fingerprint, {{ muster._muster_sync_together(values) }} as held_value
from (
    {{ muster._muster_sync_held_texts(condition) }}
) as held_rows
{%- endmacro %}


{% macro _muster_sync_held_listed(identifier, condition) %}
select held_lists.held_fingerprint, {{ muster.muster_item() }} as held_value
from (
    select held_fingerprint, {{ muster.muster_json_texts_in('held_text', identifier['name']) }} as held_list
    from (
        {{ muster._muster_sync_held_texts(condition) }}
    ) as held_rows
) as held_lists
{{ muster.muster_each_text('held_lists.held_list') }}
{%- endmacro %}


{% macro _muster_sync_held_texts(condition) %}
select held_fingerprint, {{ muster.muster_sync_readable_json('held_identifiers') }} as held_text
from compared
where {{ condition }}
{%- endmacro %}


{% macro muster_sync_doubt_touched(state, plan, request) %}
    {#- Whom a removal may touch counts as unconfirmed from before the first one on. Who is sent again: a sync that dies
        between the two would otherwise leave nobody knowing that they have to be. And who is removed: where that
        fails, another's removal may have taken a value of theirs, and they may be wanted again by the next sync. -#}
update {{ state }}
set confirmed = false
where {{ muster.muster_sync_pair(request['destination'], request['audience']) }}
    and confirmed
    and fingerprint in (select planned.fingerprint from {{ plan }} as planned where planned.resent or planned.action = 'remove')
{% endmacro %}
