{% macro muster_sync_update_run(runs, run_id, values) %}
update {{ runs }}
set {{ muster.muster_sync_assignments('muster_sync_runs', values) }}
where {{ muster.muster_identifier('run_id') }} = {{ muster.muster_string(run_id) }}
{% endmacro %}


{% macro muster_sync_delete_run(runs, run_id) %}
delete from {{ runs }}
where {{ muster.muster_identifier('run_id') }} = {{ muster.muster_string(run_id) }}
{% endmacro %}


{% macro muster_sync_open_runs(runs, destination, audience) %}
    {#- The runs of a pair that have not ended; the oldest first. -#}
select run_id, {{ muster.muster_identifier('sequence') }}, mode, status, reason, host, process, started_at, heartbeat_at
from {{ runs }}
where {{ muster.muster_sync_pair(destination, audience) }}
    and finished_at is null
order by {{ muster.muster_identifier('sequence') }}, run_id
{% endmacro %}


{% macro muster_sync_history(runs, destination, audience) %}
    {#- The last sequence number that was given out, and the last run whose every batch was acknowledged. -#}
select
    coalesce(max({{ muster.muster_identifier('sequence') }}), 0) as last_sequence,
    max(case when status = 'applied' then {{ muster.muster_identifier('sequence') }} end) as applied_sequence
from {{ runs }}
where {{ muster.muster_sync_pair(destination, audience) }}
{% endmacro %}


{% macro muster_sync_run_at(runs, destination, audience, sequence) %}
select run_id, match_on
from {{ runs }}
where {{ muster.muster_sync_pair(destination, audience) }}
    and {{ muster.muster_identifier('sequence') }} = {{ muster.muster_number(sequence) }}
{% endmacro %}


{% macro muster_sync_matched_otherwise(runs, destination, audience, match_on) %}
    {#- How many runs sent other identifiers: what they sent may still be held. -#}
select count(*) as other_runs
from {{ runs }}
where {{ muster.muster_sync_pair(destination, audience) }}
    and match_on <> {{ muster.muster_string(match_on) }}
{% endmacro %}


{% macro muster_sync_run_is_open(runs, run_id) %}
select count(*) as open_runs
from {{ runs }}
where {{ muster.muster_identifier('run_id') }} = {{ muster.muster_string(run_id) }}
    and finished_at is null
{% endmacro %}
