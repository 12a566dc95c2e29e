{% macro muster_sync_planned_rows(run, relations, statuses, actions) %}
    {#- The plan's rows in batches of one outcome, without the rows that the destination refused one by one. It never
        has whom it refused to remove for good. -#}
from {{ relations['plan'] }} as planned
inner join {{ relations['batches'] }} as ledger
    on planned.batch = ledger.batch
        and ledger.run_id = {{ muster.muster_string(run['id']) }}
        and ledger.status in ({{ muster.muster_sync_strings(statuses) }})
left join {{ relations['rejects'] }} as refused
    on refused.run_id = {{ muster.muster_string(run['id']) }}
        and refused.batch = planned.batch
        and refused.entity_key = planned.entity_key
        and refused.fingerprint = planned.fingerprint
where (refused.run_id is null or (refused.for_good and planned.action = 'remove'))
    and planned.action in ({{ muster.muster_sync_strings(actions) }})
{%- endmacro %}


{% macro muster_sync_strings(values) %}
    {%- set terms = [] -%}
    {%- for value in values -%}
        {%- do terms.append(muster.muster_string(value)) -%}
    {%- endfor -%}
    {{- terms | join(', ') -}}
{% endmacro %}


{% macro muster_sync_apply_removals(run, relations) %}
    {#- First half of applying what was acknowledged: every older row of the units that were sent goes. Done twice,
        it does the same, and the plan table stays until both halves are through. -#}
delete from {{ relations['state'] }}
where {{ muster.muster_sync_pair(run['destination'], run['audience']) }}
    and {{ run['keyed_by'] }} in (
        select planned.{{ run['keyed_by'] }}
        {{ muster.muster_sync_planned_rows(run, relations, ['acknowledged'], ['add', 'change', 'remove']) }}
    )
{% endmacro %}


{% macro muster_sync_apply_additions(run, relations, now) %}
    {#- Second half: what was acknowledged as held is recorded in the form it was sent. -#}
{{ muster.muster_sync_insert_state(relations) }}
select
    {{ muster.muster_string(run['destination']) }} as destination,
    {{ muster.muster_string(run['audience']) }} as audience,
    planned.entity_key,
    planned.fingerprint,
    planned.identifiers,
    true as confirmed,
    {{ muster.muster_string(run['id']) }} as run_id,
    {{ muster.muster_timestamp(now) }} as updated_at
{{ muster.muster_sync_planned_rows(run, relations, ['acknowledged'], ['add', 'change']) }}
{% endmacro %}


{% macro muster_sync_doubt_held(run, relations, now) %}
    {#- A batch was sent and its outcome is not known: whatever the destination held of these units may have changed. -#}
update {{ relations['state'] }}
set confirmed = false, updated_at = {{ muster.muster_timestamp(now) }}
where {{ muster.muster_sync_pair(run['destination'], run['audience']) }}
    and confirmed
    and {{ run['keyed_by'] }} in (
        select planned.{{ run['keyed_by'] }}
        {{ muster.muster_sync_planned_rows(run, relations, ['sending', 'unknown'], ['add', 'change', 'remove']) }}
    )
{% endmacro %}


{% macro muster_sync_doubt_additions(run, relations, now) %}
    {#- What may have arrived is remembered, unconfirmed, so that it is either sent again or taken away. -#}
{{ muster.muster_sync_insert_state(relations) }}
select
    {{ muster.muster_string(run['destination']) }} as destination,
    {{ muster.muster_string(run['audience']) }} as audience,
    sent.entity_key,
    sent.fingerprint,
    sent.identifiers,
    false as confirmed,
    {{ muster.muster_string(run['id']) }} as run_id,
    {{ muster.muster_timestamp(now) }} as updated_at
from (
    select planned.entity_key, planned.fingerprint, planned.identifiers
    {{ muster.muster_sync_planned_rows(run, relations, ['sending', 'unknown'], ['add', 'change']) }}
) as sent
left join {{ relations['state'] }} as held
    on held.destination = {{ muster.muster_string(run['destination']) }}
        and held.audience = {{ muster.muster_string(run['audience']) }}
        and held.entity_key = sent.entity_key
        and held.fingerprint = sent.fingerprint
where held.fingerprint is null
{% endmacro %}


{% macro muster_sync_insert_state(relations) -%}
insert into {{ relations['state'] }} (
    {%- for column in muster.muster_sync_columns('muster_sync_state') %}
    {{ muster.muster_identifier(column[0]) }}{{ ',' if not loop.last }}
    {%- endfor %}
)
{%- endmacro %}
