{% macro muster_sync_quarantined(request) %}
    {#- What cannot be sent, and why, but never the value: a row for each identifier of a member and each reason,
        however many values or forms of it there are. -#}
    {%- set single = request['identifiers'] | selectattr('many', 'none') | list -%}
    {%- set several = request['identifiers'] | rejectattr('many', 'none') | list -%}
quarantined as (
    select entity_key, identifier, reason
    from (
        {%- if single %}
        {{ muster._muster_sync_single_refusals(single) }}
        {%- endif %}
        {%- for identifier in several %}
        {{ 'union all' if single or not loop.first }}
        select
            entity_key,
            {{ muster.muster_string(identifier['source']) }} as identifier,
            {{ muster.muster_identifier_refusal(identifier, 'raw_value', 'clean_value', 'normal_value') }} as reason
        from several_normalised_{{ identifier['place'] }}
        {%- endfor %}
    ) as refusals
    where reason is not null
    group by entity_key, identifier, reason
)
{%- endmacro %}


{% macro _muster_sync_single_refusals(identifiers) %}
    {#- The members are read once, and only those with something refused are written out a row an identifier. -#}
select
    entity_key,
    case place
        {%- for identifier in identifiers %}
        when {{ identifier['place'] }} then {{ muster.muster_string(identifier['source']) }}
        {%- endfor %}
    end as identifier,
    case place
        {%- for identifier in identifiers %}
        when {{ identifier['place'] }} then refusal_{{ identifier['place'] }}
        {%- endfor %}
    end as reason
from written_members
cross join (
    {%- for identifier in identifiers %}
    {{ 'union all ' if not loop.first }}select {{ identifier['place'] }} as place
    {%- endfor %}
) as places
where {% for identifier in identifiers -%}
    {{ ' or ' if not loop.first }}refusal_{{ identifier['place'] }} is not null
    {%- endfor %}
{%- endmacro %}


{% macro muster_sync_quarantine(run, relations) %}
    {#- First half of keeping the table of what could not be sent: what this run found out. -#}
insert into {{ relations['quarantine'] }} (
    {%- for column in muster.muster_sync_columns('muster_sync_quarantine') %}
    {{ muster.muster_identifier(column[0]) }}{{ ',' if not loop.last }}
    {%- endfor %}
)
select
    {{ muster.muster_string(run['destination']) }} as destination,
    {{ muster.muster_string(run['audience']) }} as audience,
    {{ muster.muster_string(run['id']) }} as run_id,
    entity_key,
    identifier,
    reason
from {{ relations['plan'] }}
where action = 'quarantine'
{% endmacro %}


{% macro muster_sync_end_quarantine(run, relations) %}
    {#- Second half: what earlier runs found out goes, so that the table says how things are and is no log. -#}
delete from {{ relations['quarantine'] }}
where {{ muster.muster_sync_pair(run['destination'], run['audience']) }}
    and run_id <> {{ muster.muster_string(run['id']) }}
{% endmacro %}
