{% macro muster_sync_plan(request, relations) %}
    {#- What has to be sent so that the destination holds exactly the desired members: one row for each unit (the
        entity's key, or the identifiers' fingerprint, whichever the destination goes by), with its batch. Beside
        them, in batch -2, one row for each identifier that cannot be sent. -#}
    {%- set unit = request['keyed_by'] -%}
    {%- set forgets = request.get('forgets', false) and relations['state'] -%}
    {%- set usable = '(desired.usable and forgotten.fingerprint is null)' if forgets else 'desired.usable' -%}
    {%- set may_share = muster.muster_sync_may_share(request) -%}
    {#- Only where somebody is held are there removals and changes for other batches to come after. -#}
    {%- set several_ranks = request.get('holds', true) and not request['snapshot'] -%}
    {#- Of who left and stays, what is not settled was to be sent again when a sync died, or may never have arrived. -#}
    {%- set stays = "case when held.settled then 'keep' else 'add' end" if may_share else "'keep'" -%}
    {%- set waits = "decision = 'add' and shared_fingerprint is not null" if may_share and request.get('removes_later', false) else 'false' -%}
    {%- set action = "case when action = 'keep' and shared_fingerprint is not null then 'add' else action end" if may_share else 'action' -%}
with {{ muster.muster_sync_desired(request, relations) }},

{{ muster.muster_sync_held(request, relations) }},
{%- if forgets %}

forgotten as (
    {{ muster.muster_sync_forgotten(request, relations) }}
),
{%- endif %}
{%- if request['add_only'] %}

may_stay as (
    {{ muster.muster_sync_may_stay(request, relations) }}
),
{%- endif %}

compared as (
    select
        desired.entity_key as desired_key,
        desired.fingerprint as desired_fingerprint,
        desired.identifiers as desired_identifiers,
        desired.members,
        {{ usable }} as usable,
        held.entity_key as held_key,
        held.fingerprint as held_fingerprint,
        held.identifiers as held_identifiers,
        held.settled,
        case
            {%- if muster.muster_sync_rests(request) %}
            when held.entity_key <> {{ muster.muster_string(request['only_key']) }} then {{ stays }}
            {%- elif request['add_only'] %}
            when desired.{{ unit }} is null and may_stay.entity_key is not null then {{ stays }}
            {%- endif %}
            when desired.{{ unit }} is null then 'remove'
            when not {{ usable }} and held.{{ unit }} is not null then 'remove'
            when not {{ usable }} then 'unmatchable'
            when held.{{ unit }} is null then 'add'
            when not held.settled then 'add'
            when held.fingerprint = desired.fingerprint then 'keep'
            else 'change'
        end as action
    from desired
    full outer join held on desired.{{ unit }} = held.{{ unit }}
    {%- if forgets %}
    left join forgotten on desired.fingerprint = forgotten.fingerprint
    {%- endif %}
    {%- if request['add_only'] %}
    left join may_stay on held.entity_key = may_stay.entity_key
    {%- endif %}
),

{% if may_share -%}
{{ muster.muster_sync_shared(request) }},

{% endif -%}
decided as (
    select
        compared.*,
        {{ action }} as decision
        {%- if may_share %},
        shared_fingerprint
        {%- endif %}
    from compared
    {%- if may_share %}
    left join shared on coalesce(compared.held_fingerprint, compared.desired_fingerprint) = shared.shared_fingerprint
    {%- endif %}
),

actions as (
    select
        decision as action,
        case when action = 'remove' or desired_fingerprint is null then held_key else desired_key end as entity_key,
        case when action = 'remove' or desired_fingerprint is null then held_fingerprint else desired_fingerprint end as fingerprint,
        case when action = 'remove' or desired_fingerprint is null then held_identifiers else desired_identifiers end as identifiers,
        coalesce(members, 0) as members,
        coalesce(not usable, false) as unmatchable,
        (decision = 'add' and held_fingerprint is not null) as resent,
        ({{ waits }}) as waits,
        case {{ muster.muster_sync_ranks(request, waits) }} end as rank_in_run
    from decided
    {%- if not request['snapshot'] %}
    where decision <> 'keep'
    {%- if request.get('only_key') is not none %}
        and (held_key = {{ muster.muster_string(request['only_key']) }}{{ ' or decision <> action' if may_share }})
    {%- endif %}
    {%- endif %}
),

placed as (
    select
        *,
        row_number() over (partition by rank_in_run {{ muster.muster_in_any_order(unit) if unit == 'fingerprint' else 'order by ' ~ unit }}) - 1 as place
        {%- if several_ranks %},
        sum(case when rank_in_run = 1 then 1 else 0 end) over () as first_rank,
        sum(case when rank_in_run = 2 then 1 else 0 end) over () as second_rank
        {%- endif %}
    from actions
)

select
    case
        when rank_in_run < 1 then rank_in_run
        else {{ muster.muster_sync_whole('place', request['batch_size']) }} + 1
            {%- if several_ranks %}
            + case when rank_in_run > 1 then {{ muster.muster_sync_pieces('first_rank', request['batch_size']) }} else 0 end
            + case when rank_in_run > 2 then {{ muster.muster_sync_pieces('second_rank', request['batch_size']) }} else 0 end
            {%- endif %}
    end as batch,
    action,
    entity_key,
    fingerprint,
    {#- What is not sent is not written down either. #}
    case when rank_in_run > 0 then identifiers end as identifiers,
    members,
    unmatchable,
    resent,
    waits,
    {{ muster.muster_cast('null', 'string') }} as identifier,
    {{ muster.muster_cast('null', 'string') }} as reason
from placed
{%- if request['identifiers'] %}
union all
select
    -2 as batch,
    'quarantine' as action,
    entity_key,
    {{ muster.muster_cast('null', 'string') }} as fingerprint,
    {{ muster.muster_cast('null', 'string') }} as identifiers,
    0 as members,
    false as unmatchable,
    false as resent,
    false as waits,
    identifier,
    reason
from quarantined
{%- endif %}
{%- endmacro %}


{% macro muster_sync_rests(request) %}
    {#- Whether the audience is not synced at present and left as it is, but for somebody who is erased. -#}
    {{- 'yes' if request.get('nobody', false) and request.get('only_key') is not none else '' -}}
{% endmacro %}


{% macro muster_sync_forgotten(request, relations) %}
    {#- Whom the destination refused for good, whichever audience they were sent in. -#}
select fingerprint
from {{ relations['rejects'] }}
where {{ muster.muster_identifier('destination') }} = {{ muster.muster_string(request['destination']) }}
    and for_good
group by fingerprint
{%- endmacro %}


{% macro muster_sync_ranks(request, waits) %}
    {#- Removals go first, then changes, then additions, and no batch mixes them. Rank 0 is never sent, only
        applied once the run is through; rank -1 is only counted. A snapshot holds every member in one rank.
        Additions that wait for removals come last; where there are any, there are no changes. -#}
    {%- if request['snapshot'] -%}
        {{- return("when decision = 'remove' then 0 when decision = 'unmatchable' then -1 else 1") -}}
    {%- endif -%}
    {%- if waits != 'false' -%}
        {{- return("when decision = 'remove' then 1 when " ~ waits ~ " then 3 when decision = 'add' then 2 else -1") -}}
    {%- endif -%}
    {{- return(
        "when decision = 'remove' then 1 when decision = 'change' then 2 when decision = 'add' then 3 else -1"
    ) -}}
{% endmacro %}


{% macro muster_sync_whole(expression, size) %}
    {{- muster.muster_cast('floor((' ~ expression ~ ') / ' ~ size ~ '.0)', 'bigint') -}}
{% endmacro %}


{% macro muster_sync_pieces(rows, size) %}
    {{- muster.muster_sync_whole(rows ~ ' + ' ~ (size - 1), size) -}}
{% endmacro %}


{% macro muster_sync_may_stay(request, relations) %}
    {#- Whom a destination that is only added to keeps after they left the audience: who still consents and is kept
        out of nothing. Whoever withdraws consent is removed all the same. -#}
    {%- set key = muster.muster_identifier(request['key']) -%}
select {{ muster.muster_text('entity.' ~ key) }} as entity_key
from {{ relations['entity'] }} as entity
{%- if request.get('suppressed') is not none %}
left join {{ relations[request['suppressed']] }} as suppressed on suppressed.{{ key }} = entity.{{ key }}
{%- endif %}
where true
{%- if request['consent'] %}
    and entity.{{ muster.muster_identifier('consent__' ~ request['consent']) }}
{%- endif %}
{%- if request.get('suppressed') is not none %}
    and suppressed.{{ key }} is null
{%- endif %}
{%- if request.get('erased', false) %}
    and {{ muster.muster_not_erased(relations['erasures'], request['entity'], 'entity.' ~ key) }}
{%- endif %}
{%- endmacro %}
