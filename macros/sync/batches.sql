{% macro muster_sync_plan_batches(batches, plan, run_id, now) %}
    {#- The ledger's rows of a run: one a batch. Batch 0 holds what is applied without being sent. -#}
insert into {{ batches }} (
    {%- for column in muster.muster_sync_columns('muster_sync_batches') %}
    {{ muster.muster_identifier(column[0]) }}{{ ',' if not loop.last }}
    {%- endfor %}
)
select
    {{ muster.muster_string(run_id) }} as run_id,
    batch,
    'planned' as status,
    sum(case when action = 'add' then 1 else 0 end) as adds,
    sum(case when action = 'change' then 1 else 0 end) as changes,
    sum(case when action = 'remove' then 1 else 0 end) as removes,
    count(*) as member_rows,
    0 as attempts,
    {{ muster.muster_cast('null', 'string') }} as job,
    {{ muster.muster_cast('null', 'string') }} as error,
    {{ muster.muster_timestamp(now) }} as updated_at
from {{ plan }}
where batch >= 0
group by batch
{% endmacro %}


{% macro muster_sync_mark_batches(batches, run_id, first, last, values) %}
    {#- Records one outcome for a range of batches. -#}
update {{ batches }}
set {{ muster.muster_sync_assignments('muster_sync_batches', values) }}
where {{ muster.muster_identifier('run_id') }} = {{ muster.muster_string(run_id) }}
    and batch between {{ muster.muster_number(first) }} and {{ muster.muster_number(last) }}
{% endmacro %}


{% macro muster_sync_settle_batches(batches, run_id, status, now) %}
    {#- Gives every batch of unknown outcome the one that the destination vouched for. -#}
update {{ batches }}
set status = {{ muster.muster_string(status) }}, updated_at = {{ muster.muster_timestamp(now) }}
where {{ muster.muster_identifier('run_id') }} = {{ muster.muster_string(run_id) }}
    and status in ('sending', 'unknown'{{ ", 'planned'" if status == 'acknowledged' }})
{% endmacro %}


{% macro muster_sync_batch_counts(batches, rejects, run_id) %}
    {#- How many batches are in which status, with the rows that were sent, and how many of those were refused. -#}
select status, count(*) as batches, sum(case when batch > 0 then member_rows else 0 end) as member_rows
from {{ batches }}
where {{ muster.muster_identifier('run_id') }} = {{ muster.muster_string(run_id) }}
group by status
union all
select 'refused' as status, count(*) as batches, count(*) as member_rows
from {{ rejects }}
where {{ muster.muster_identifier('run_id') }} = {{ muster.muster_string(run_id) }}
{% endmacro %}


{% macro muster_sync_refused_before(rejects, run_id, destination, audience) %}
    {#- Of the removals that a run was refused, how many were refused before, and when the first of them was. -#}
select count(*) as refused_before, min(first_refused_at) as refused_since
from (
    select min(earlier.refused_at) as first_refused_at
    from {{ rejects }} as latest
    inner join {{ rejects }} as earlier
        on latest.entity_key = earlier.entity_key
            and latest.fingerprint = earlier.fingerprint
    where latest.run_id = {{ muster.muster_string(run_id) }}
        and latest.action = 'remove'
        and earlier.run_id <> {{ muster.muster_string(run_id) }}
        and earlier.action = 'remove'
        and earlier.{{ muster.muster_identifier('destination') }} = {{ muster.muster_string(destination) }}
        and earlier.{{ muster.muster_identifier('audience') }} = {{ muster.muster_string(audience) }}
    group by latest.entity_key, latest.fingerprint
) as refused
{% endmacro %}


{% macro muster_sync_open_jobs(batches, run_id) %}
    {#- The batches that a platform took and is still working on. -#}
select batch, job
from {{ batches }}
where {{ muster.muster_identifier('run_id') }} = {{ muster.muster_string(run_id) }}
    and status = 'accepted'
order by batch
{% endmacro %}
