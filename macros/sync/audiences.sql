{% macro muster_sync_audience(audiences, destination, audience) %}
    {#- What the destination calls an audience, where a sync has ever recorded it. -#}
select remote_id, remote_name, description, on_delete
from {{ audiences }}
where {{ muster.muster_sync_pair(destination, audience) }}
{% endmacro %}


{% macro muster_sync_update_audience(audiences, destination, audience, values) %}
update {{ audiences }}
set {{ muster.muster_sync_assignments('muster_sync_audiences', values) }}
where {{ muster.muster_sync_pair(destination, audience) }}
{% endmacro %}


{% macro muster_sync_delete_audience(audiences, destination, audience) %}
delete from {{ audiences }}
where {{ muster.muster_sync_pair(destination, audience) }}
{% endmacro %}


{% macro muster_sync_forget_state(state, destination, audience) %}
    {#- The platform lost the audience, so it holds nobody. -#}
delete from {{ state }}
where {{ muster.muster_sync_pair(destination, audience) }}
{% endmacro %}


{% macro muster_sync_doubt_state(state, destination, audience) %}
    {#- Everything is to be sent again: what is held counts as unconfirmed. -#}
update {{ state }}
set confirmed = false
where {{ muster.muster_sync_pair(destination, audience) }}
    and confirmed
{% endmacro %}


{% macro muster_sync_recorded_audiences(audiences) %}
    {#- Every audience that was ever synced, and what is to become of it when it no longer is. -#}
select destination, audience, entity, remote_name, on_delete
from {{ audiences }}
order by 1, 2
{% endmacro %}
