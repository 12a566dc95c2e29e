{% macro muster_sync_last_runs(runs) %}
    {#- The last runs of every audience and destination: two that went through, and two of any other end. -#}
    {%- set wanted = [
        'audience', 'destination', 'run_id', 'sequence', 'status', 'reason', 'host', 'process', 'started_at',
        'heartbeat_at', 'finished_at', 'members', 'quarantined', 'adds', 'changes', 'removes', 'acknowledged', 'rejected',
        'matched', 'error', 'override',
    ] -%}
    {%- set names = [] -%}
    {%- for name in wanted -%}
        {%- do names.append(muster.muster_identifier(name)) -%}
    {%- endfor -%}
select {{ names | join(', ') }}
from (
    select
        {{ names | join(', ') }},
        row_number() over (
            partition by
                {{ muster.muster_identifier('audience') }},
                {{ muster.muster_identifier('destination') }},
                case when status = 'applied' then 1 else 0 end
            order by {{ muster.muster_identifier('sequence') }} desc
        ) as place
    from {{ runs }}
) as placed
where place <= 2
order by
    {{ muster.muster_identifier('audience') }},
    {{ muster.muster_identifier('destination') }},
    {{ muster.muster_identifier('sequence') }} desc
{% endmacro %}


{% macro muster_sync_sent_rows(batches, run_ids) %}
    {#- How many rows each of some runs sent, whatever became of them, and how many it had to send. Batch 0 is
        applied without being sent. -#}
select
    run_id,
    sum(case when status <> 'planned' then member_rows else 0 end) as sent,
    sum(member_rows) as planned
from {{ batches }}
where run_id in ({{ muster.muster_sync_strings(run_ids) }})
    and batch > 0
group by run_id
{% endmacro %}
