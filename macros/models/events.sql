{% macro muster_repeated_events_model(source, relation) %}
    {#-
        Two events with one id are one event, the earliest. Few ids repeat, so only those are settled here, one
        row an id; whoever reads the events leaves the repeated ids out and takes these rows in their place.
    -#}
    {%- set id = muster.muster_identifier(source['id']) -%}
select
    {{ id }}
    {%- for column in source['columns'] %},
    {{ muster.muster_identifier(column['column']) }}
    {%- endfor %}
from (
    select
        events.{{ id }},
        {%- for column in source['columns'] %}
        events.{{ muster.muster_identifier(column['column']) }},
        {%- endfor %}
        row_number() over (
            partition by events.{{ id }}
            order by
                {{ muster.muster_utc('events.' ~ muster.muster_identifier(source['at']['column']), source['at']['type'], source['at'].get('timezone')) }},
                {{ muster.muster_stable_order(source['columns']) }}
        ) as muster_row
    from {{ relation }} as events
    inner join (
        select {{ id }}
        from {{ relation }}
        where {{ id }} is not null and {{ muster.muster_identifier(source['at']['column']) }} is not null
        group by {{ id }}
        having count(*) > 1
    ) as repeated
        on repeated.{{ id }} = events.{{ id }}
    where events.{{ muster.muster_identifier(source['at']['column']) }} is not null
) as numbered
where muster_row = 1
{% endmacro %}


{% macro muster_events(source, relations) %}
    {#- Where the entity has aliases, `muster_key` is the key that each event counts for. -#}
    {%- if source.get('aliases') -%}
    {%- set key = muster.muster_key_expression('events', source['key'], source['aliases']['type']) -%}
(
    select
        events.*,
        coalesce(aliases.canonical_key, {{ key }}) as muster_key
    from {{ muster.muster_distinct_events(source, relations) }}
    left join {{ relations['aliases'] }} as aliases
        on aliases.alias_key = {{ key }}
) as events
    {%- else -%}
{{ muster.muster_distinct_events(source, relations) }}
    {%- endif -%}
{% endmacro %}


{% macro muster_distinct_events(source, relations) %}
    {%- if not source.get('id') -%}
{{ relations['events'] }} as events
    {%- else -%}
    {%- set id = muster.muster_identifier(source['id']) -%}
(
    select
        all_events.{{ id }}
        {%- for column in source['columns'] %},
        all_events.{{ muster.muster_identifier(column['column']) }}
        {%- endfor %}
    from {{ relations['events'] }} as all_events
    left join {{ relations['repeated'] }} as repeated
        on repeated.{{ id }} = all_events.{{ id }}
    where repeated.{{ id }} is null
    union all
    select
        {{ id }}
        {%- for column in source['columns'] %},
        {{ muster.muster_identifier(column['column']) }}
        {%- endfor %}
    from {{ relations['repeated'] }}
) as events
    {%- endif -%}
{% endmacro %}
