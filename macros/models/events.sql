{% macro muster_repeated_events_model(source, relation) %}
    {#-
        Two events with one id are one event, the earliest. Few ids repeat, so only those are settled here, one
        row an id; whoever reads the events leaves the repeated ids out and takes these rows in their place. What
        was erased is no event here, and that reader leaves it out too.
    -#}
    {%- set id = muster.muster_identifier(source['id']) -%}
    {%- set erasures = muster.muster_erasures() -%}
    {%- set key = muster.muster_key_expression('events', source['key'], source['key_type']) -%}
    {%- set kept = muster.muster_column('events', source['key']) ~ ' is null or ' ~ muster.muster_not_erased(erasures, source['entity'], key) -%}
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
        select events.{{ id }}
        from {{ relation }} as events
        where events.{{ id }} is not null and events.{{ muster.muster_identifier(source['at']['column']) }} is not null
            {%- if erasures %}
            and ({{ kept }})
            {%- endif %}
        group by events.{{ id }}
        having count(*) > 1
    ) as repeated
        on repeated.{{ id }} = events.{{ id }}
    where events.{{ muster.muster_identifier(source['at']['column']) }} is not null
        {%- if erasures %}
        and ({{ kept }})
        {%- endif %}
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
