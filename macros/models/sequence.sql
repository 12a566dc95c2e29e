{% macro muster_sequence_model(sequence, relations) %}
    {#-
        The steps are taken in their order. After each, what matters of everything that led there is the time of
        its event, and the values that later steps compare with: two ways to the same time and values can be
        continued alike. So a step keeps its distinct times and values, and never the ways to them.

        From a step at time t the next one can be reached at any later time up to

            reach(t) = the earlier of  t + within  and  the first event after t that `without` forbids

        (one at the very time of the next step is not between the two). An event at time u follows some step
        before it if and only if the largest reach of all steps at times t < u is u or later; no single t needs
        to be found. Of lengths that are exact, the latest t has the largest reach, since neither term ever falls
        as t rises. A month is not exact: 30 January 23:00 reaches further than 31 January 01:00. The largest
        reach is right for both, and is one running maximum over the events in their order.

        Equality with a value of an earlier step only divides the events: the maximum runs over those with one
        value. Any other comparison with an earlier step is a join of two steps, on the key and what must be equal.
    -#}
    {%- set key = muster.muster_identifier(sequence['key']['name']) -%}
    {%- set before = namespace(table='muster_step_1', within=none, without=false) -%}
    {%- set parts = [] -%}
    {%- for step in sequence['steps'] -%}
        {%- set events = 'muster_step_' ~ loop.index -%}
        {%- set last = loop.last -%}
        {%- do parts.append(events ~ ' as (\n' ~ muster._muster_step_events(sequence, step, last, relations['step_' ~ loop.index]) ~ '\n)') -%}
        {%- if not loop.first -%}
            {%- set state = 'muster_held_' ~ loop.index -%}
            {%- if step.get('without', false) -%}
                {%- set query = muster._muster_until_forbidden(sequence, step, before.table, events) -%}
                {%- set before.without = true -%}
            {%- else -%}
                {%- set reach = muster._muster_reach(step.get('within'), before.without) -%}
                {%- set query = muster._muster_followed(sequence, step, before.table, events, reach) -%}
                {%- set before.without = false -%}
            {%- endif -%}
            {%- do parts.append(state ~ ' as (\n' ~ query ~ '\n)') -%}
            {%- set before.table = state -%}
        {%- endif -%}
        {%- set before.within = step.get('within') -%}
    {%- endfor -%}
with {{ parts | join(',\n\n') }}

select distinct {{ key }}
from {{ before.table }}
    {%- if before.without %}
    {%- set end = muster.muster_later('muster_at', before.within[0], before.within[1]) %}
where {{ end }} <= {{ muster.muster_timestamp(muster.muster_as_of()) }}
    and (muster_forbidden_at is null or muster_forbidden_at > {{ end }})
    {%- endif %}
{% endmacro %}


{% macro _muster_step_events(sequence, step, last, relations) %}
    {#- The events that can be a step, whatever the others are. What a last `without` forbids may lie after the
        window of the steps. -#}
    {%- set source = sequence['sources'][step['source']] -%}
    {%- set of_step = {'entity': sequence['entity'], 'source': source, 'event': step['event'], 'key': sequence['key'], 'timezone': sequence['timezone']} -%}
    {%- set window = sequence.get('window', {}) -%}
    {%- set conditions = muster.muster_event_conditions(of_step, window.get('from')) -%}
    {%- if window.get('to') is not none and not (last and step.get('without', false)) -%}
        {%- do conditions.append(muster.muster_during(muster.muster_event_time(source), {'to': window['to']}, sequence['timezone'])) -%}
    {%- endif -%}
    {%- if step.get('where') is not none -%}
        {%- do conditions.append(muster.muster_condition(step['where'], sequence['timezone'])) -%}
    {%- endif %}
    select
        {{ muster.muster_event_key(of_step) }} as {{ muster.muster_identifier(sequence['key']['name']) }},
        {{ muster._muster_event_moment(source, sequence['timezone']) }} as muster_at
        {%- for value in step.get('values', []) %},
        {{ muster.muster_operand(value['value']) }} as {{ muster.muster_identifier(value['name']) }}
        {%- endfor %}
    from {{ muster.muster_events(source, relations) ~ muster.muster_outside_relations(of_step, relations) }}
    where {{ conditions | join('\n        and ') }}
{%- endmacro %}


{% macro _muster_event_moment(source, timezone) %}
    {#- Events of several sources meet here, so all times are in UTC; a day is its local midnight. -#}
    {%- set at = source['at'] -%}
    {%- set column = muster.muster_column('events', at['column']) -%}
    {%- if at['type'] == 'date' -%}
        {{- muster.muster_utc(muster.muster_midnight(column), 'timestamp', timezone) -}}
    {%- else -%}
        {{- muster.muster_utc(column, at['type'], at.get('timezone')) -}}
    {%- endif -%}
{% endmacro %}


{% macro _muster_reach(within, without) %}
    {#- No event exists at or after as_of, so that is as far as a step reaches that has no bound. -#}
    {%- set as_of = muster.muster_timestamp(muster.muster_as_of()) -%}
    {%- set end = muster.muster_later('muster_at', within[0], within[1]) if within else as_of -%}
    {%- if within and without -%}
        {{- 'case when muster_forbidden_at < ' ~ end ~ ' then muster_forbidden_at else ' ~ end ~ ' end' -}}
    {%- elif without -%}
        {{- 'coalesce(muster_forbidden_at, ' ~ as_of ~ ')' -}}
    {%- else -%}
        {{- end -}}
    {%- endif -%}
{% endmacro %}
