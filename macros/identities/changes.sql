{% macro muster_identity_changes_model(relations) %}
    {#-
        The log of which canonical key each identifier has had; the latest row of an identifier holds. A key that
        was canonical before stays so while its own identifier is in the cluster, the oldest first; only an
        identifier of a kind that is preferred takes its place. An evaluation of a time before the latest one
        adds nothing.
    -#}
    {%- set as_of = muster.muster_cast(muster.muster_timestamp(muster.muster_as_of()), 'timestamp') -%}
    {%- set no_text = 'cast(null as ' ~ muster.muster_type('string') ~ ')' -%}
    {%- set no_time = 'cast(null as ' ~ muster.muster_type('timestamp') ~ ')' -%}
with clusters as (
    select *
    from {{ relations['clusters'] }}
    where refused is null
),

{%- if is_incremental() %}

recorded as (
    select identifier, value, canonical_identifier, canonical
    from (
        select
            identifier,
            value,
            canonical_identifier,
            canonical,
            row_number() over (partition by identifier, value order by as_of desc) as muster_row
        from {{ this }}
    ) as numbered
    where muster_row = 1 and canonical is not null
),

keys as (
    select canonical_identifier, canonical, min(as_of) as since
    from {{ this }}
    where canonical is not null
    group by canonical_identifier, canonical
),

latest as (
    select max(as_of) as as_of
    from {{ this }}
),

{%- else %}

recorded as (
    select
        {{ no_text }} as identifier,
        {{ no_text }} as value,
        {{ no_text }} as canonical_identifier,
        {{ no_text }} as canonical
    where false
),

keys as (
    select
        {{ no_text }} as canonical_identifier,
        {{ no_text }} as canonical,
        {{ no_time }} as since
    where false
),

{%- endif %}

canonical_keys as (
    select cluster, identifier, value
    from (
        select
            clusters.cluster,
            clusters.identifier,
            clusters.value,
            row_number() over (
                partition by clusters.cluster
                order by
                    clusters.preference,
                    case when keys.since is null then 1 else 0 end,
                    keys.since,
                    clusters.node
            ) as muster_row
        from clusters
        left join keys
            on keys.canonical_identifier = clusters.identifier and keys.canonical = clusters.value
    ) as numbered
    where muster_row = 1
),

assigned as (
    select
        clusters.identifier,
        clusters.value,
        canonical_keys.identifier as canonical_identifier,
        canonical_keys.value as canonical
    from clusters
    inner join canonical_keys on canonical_keys.cluster = clusters.cluster
),

changed as (
    select
        coalesce(assigned.identifier, recorded.identifier) as identifier,
        coalesce(assigned.value, recorded.value) as value,
        assigned.canonical_identifier,
        assigned.canonical,
        recorded.canonical_identifier as previous_identifier,
        recorded.canonical as previous,
        case
            when recorded.value is null then 'joined'
            when assigned.value is null then 'left'
            else 'moved'
        end as change
    from assigned
    full outer join recorded
        on recorded.identifier = assigned.identifier and recorded.value = assigned.value
    where recorded.value is null
        or assigned.value is null
        or recorded.canonical <> assigned.canonical
        or recorded.canonical_identifier <> assigned.canonical_identifier
)

select
    changed.identifier,
    changed.value,
    {{ muster.muster_text('changed.change') }} as change,
    changed.canonical_identifier,
    changed.canonical,
    changed.previous_identifier,
    changed.previous,
    {{ as_of }} as as_of,
    {{ muster.muster_cast(muster.muster_string(invocation_id), 'string') }} as invocation_id
from changed
{%- if is_incremental() %}
cross join latest
where latest.as_of is null or latest.as_of < {{ as_of }}
{%- endif %}
{% endmacro %}


{% macro muster_identity_identities_model(relations) %}
select
    identifier,
    value,
    canonical_identifier,
    canonical,
    as_of as since
from (
    select
        changes.*,
        row_number() over (partition by identifier, value order by as_of desc) as muster_row
    from {{ relations['changes'] }} as changes
) as numbered
where muster_row = 1 and canonical is not null
{% endmacro %}


{% macro muster_identity_merges_model(relations) %}
select
    previous_identifier as from_identifier,
    previous as from_canonical,
    canonical_identifier as into_identifier,
    canonical as into_canonical,
    as_of,
    invocation_id,
    count(*) as identifiers
from {{ relations['changes'] }}
where change = 'moved'
group by previous_identifier, previous, canonical_identifier, canonical, as_of, invocation_id
{% endmacro %}


{% macro muster_identity_refused_model(relations) %}
    {#- Of each cluster that is refused: how large it is, and the identifier with most links, the likely culprit. -#}
with links as (
    select
        clusters.cluster,
        clusters.node,
        clusters.identifier,
        clusters.value,
        clusters.identifiers,
        clusters.refused,
        count(*) as links
    from {{ relations['clusters'] }} as clusters
    inner join {{ relations['edges'] }} as edges on edges.cluster = clusters.node
    where clusters.refused is not null
    group by
        clusters.cluster, clusters.node, clusters.identifier, clusters.value, clusters.identifiers, clusters.refused
)

select
    cluster,
    refused,
    identifiers,
    identifier as busiest_identifier,
    value as busiest_value,
    links as busiest_links
from (
    select
        links.*,
        row_number() over (partition by cluster order by links desc, node) as muster_row
    from links
) as numbered
where muster_row = 1
{% endmacro %}
