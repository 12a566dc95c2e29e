{% macro muster_sync_create_plan(plan, request, relations) %}
    {#- One statement; ordered so that reading a range of batches touches few blocks. -#}
create table {{ plan }} as
select *
from (
    {{ muster.muster_sync_plan(request, relations) }}
) as planned
{{ muster.muster_stored_in_order('batch, entity_key') }}
{% endmacro %}


{% macro muster_sync_prepare_plan(plan, batches) %}
    {{- adapter.dispatch('muster_sync_prepare_plan', 'muster')(plan, batches) -}}
{% endmacro %}

{% macro default__muster_sync_prepare_plan(plan, batches) %}
{% endmacro %}

{% macro postgres__muster_sync_prepare_plan(plan, batches) %}
    {#- Without an index, each range of batches that is read reads the whole plan. Without statistics, PostgreSQL takes
        both tables for tiny and reads the plan once for each batch when outcomes are applied. -#}
create index on {{ plan }} using brin (batch);
analyze {{ plan }};
analyze {{ batches }}
{% endmacro %}

{% macro redshift__muster_sync_prepare_plan(plan, batches) %}
    {#- It has no indexes, and analyzes a table that a query makes by itself. -#}
{% endmacro %}


{% macro muster_sync_plan_counts(plan) %}
    {#- `plan` is a table, or a select in brackets where nothing may be written. -#}
select
    action,
    reason,
    count(*) as plan_rows,
    sum(case when resent then 1 else 0 end) as resent,
    sum(case when unmatchable then members else 0 end) as unmatchable,
    sum(case when unmatchable then 0 else members end) as members,
    max(batch) as last_batch,
    min(case when waits then batch end) as first_waiting
from {{ plan }} as planned
group by action, reason
{% endmacro %}


{% macro muster_sync_membership_counts(request, relations) %}
    {#- The audience's size, and how many of it the destination may be told about. -#}
select
    (select count(*) from {{ relations['audience'] }}{{ ' where false' if request.get('nobody', false) }}) as members,
    (
        select count(*)
        {{ muster.muster_sync_deliverable(request, relations) }}
    ) as deliverable
{% endmacro %}


{% macro muster_sync_held_count(request, state) %}
select count(distinct {{ request['keyed_by'] }}) as held
from {{ state }}
where {{ muster.muster_sync_pair(request['destination'], request['audience']) }}
{% endmacro %}


{% macro muster_sync_in_order(unit) %}
    {#- The order of the records of a batch: that in which they were numbered, where there is one, so that most are in
        it already. Of one key, several forms that are held may be removed at once. -#}
    {{- 'fingerprint, entity_key' if unit == 'fingerprint' else 'entity_key, fingerprint' -}}
{% endmacro %}


{% macro muster_sync_read_batches(plan, unit, first, last) %}
    {#- A row for each record, all of it in one text: every value that is read costs a driver time, some millions
        of times. -#}
select batch, '"' || action || '",' || {{ muster.muster_sync_json_string('entity_key', false) }} || ',' || identifiers as record
from {{ plan }}
where batch between {{ muster.muster_number(first) }} and {{ muster.muster_number(last) }}
order by batch, {{ muster.muster_sync_in_order(unit) }}
{% endmacro %}


{% macro muster_sync_read_identifiers(plan, request, first, last) %}
    {#- All identifiers of a batch in one text, in the order of its records. It can be sent as it stands where all of
        it was written anew, with the same names in the same order, and has no control characters. -#}
    {%- set state = namespace(plain=true) -%}
    {%- for identifier in request['identifiers'] if not muster.muster_sync_is_plain(identifier) -%}
        {%- set state.plain = false -%}
    {%- endfor -%}
    {%- set unfit = "resent or action = 'remove'"
        ~ ('' if state.plain else ' or ' ~ muster.muster_sync_has_controls('identifiers')) -%}
    {{- adapter.dispatch('muster_sync_texts_of_batches', 'muster')(plan, first, last, unfit) -}}
{% endmacro %}

{% macro default__muster_sync_texts_of_batches(plan, first, last, unfit) %}
select
    batch,
    count(*) as records,
    min(action) as only_action,
    min(case when {{ unfit }} then 0 else 1 end) as uniform,
    {{ muster.muster_joined_texts('identifiers', muster.muster_sync_in_order('fingerprint')) }} as texts
from {{ plan }}
where batch between {{ muster.muster_number(first) }} and {{ muster.muster_number(last) }}
group by batch
order by batch
{% endmacro %}

{% macro redshift__muster_sync_texts_of_batches(plan, first, last, unfit) %}
    {#- What it aggregates has an end at 64 KiB, so the texts are joined when they were read. -#}
select batch, 1 as records, action as only_action, case when {{ unfit }} then 0 else 1 end as uniform, identifiers as texts
from {{ plan }}
where batch between {{ muster.muster_number(first) }} and {{ muster.muster_number(last) }}
order by batch, {{ muster.muster_sync_in_order('fingerprint') }}
{% endmacro %}


{% macro muster_sync_read_units(plan, unit, batch) %}
select action, entity_key, fingerprint
from {{ plan }}
where batch = {{ muster.muster_number(batch) }}
order by {{ muster.muster_sync_in_order(unit) }}
{% endmacro %}


{% macro muster_sync_probe(relation) %}
    {#- Fails where the table does not exist, which is how a dry run finds out without asking a catalogue. -#}
select 1 as found from {{ relation }} where false
{% endmacro %}
