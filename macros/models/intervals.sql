{% macro muster_membership_intervals_model(changes) %}
    {#- Entries and exits of a key take turns, so the first exit ends what the first entry began, and so on. -#}
select
    audience,
    entity,
    entity_key,
    as_of as entered_at,
    exited_at,
    digest
from (
    select
        audience,
        entity,
        entity_key,
        change,
        as_of,
        digest,
        lead(as_of) over (
            partition by audience, entity, entity_key
            order by turn, case when change = 'entered' then 0 else 1 end
        ) as exited_at
    from (
        select
            audience,
            entity,
            entity_key,
            change,
            as_of,
            digest,
            row_number() over (partition by audience, entity, entity_key, change order by as_of) as turn
        from {{ changes }}
    ) as numbered
) as paired
where change = 'entered'
{% endmacro %}
