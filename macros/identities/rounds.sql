{% macro muster_identity_round_model(relations) %}
    {#- The links between clusters that are still different after each has followed its smallest neighbour. -#}
with {{ muster._muster_identity_followed('', relations['before']) }}

select distinct
    here.parent as cluster,
    there.parent as neighbour
from {{ relations['before'] }} as edges
inner join followed as here on here.cluster = edges.cluster
inner join followed as there on there.cluster = edges.neighbour
where here.parent <> there.parent
{% endmacro %}


{% macro _muster_identity_followed(number, relation) %}
    {#-
        Each cluster, and where it goes: to the smallest of itself and its neighbours, from there to the smallest
        there, and twice as far again. A step never goes up, so a cluster that is smaller than its neighbours
        stays, and every other one moves.
    -#}
smallest{{ number }} as (
    select
        cluster,
        case when min(neighbour) < cluster then min(neighbour) else cluster end as parent
    from {{ relation }}
    group by cluster
),

twice{{ number }} as (
    select once.cluster, again.parent
    from smallest{{ number }} as once
    inner join smallest{{ number }} as again on again.cluster = once.parent
),

followed{{ number }} as (
    select once.cluster, again.parent
    from twice{{ number }} as once
    inner join twice{{ number }} as again on again.cluster = once.parent
)
{%- endmacro %}


{% macro muster_identity_clusters_model(identity, relations) %}
    {#-
        Every identifier with its cluster: what the rounds did, one after the other. A link that is left after
        the last round belongs to clusters that are not settled; they are refused, whatever their size.
    -#}
    {%- set rounds = identity['rounds'] -%}
    {%- set labels = namespace(after='nodes.node') -%}
    {%- set before = [] -%}
    {%- for number in range(rounds) -%}
        {%- do before.append(labels.after) -%}
        {%- set labels.after = 'coalesce(followed_' ~ number ~ '.parent, ' ~ labels.after ~ ')' -%}
    {%- endfor -%}
with
    {%- for number in range(rounds) %}
{{ muster._muster_identity_followed('_' ~ number, relations['round_' ~ number]) }},
    {% endfor %}

labelled as (
    select
        nodes.node,
        nodes.preference,
        nodes.identifier,
        nodes.value,
        {{ labels.after }} as cluster
    from {{ relations['nodes'] }} as nodes
    {%- for number in range(rounds) %}
    left join followed_{{ number }}
        on followed_{{ number }}.cluster = {{ before[number] }}
    {%- endfor %}
),

sizes as (
    select cluster, count(*) as identifiers
    from labelled
    group by cluster
),

unsettled as (
    select distinct cluster
    from {{ relations['round_' ~ rounds] }}
)

select
    labelled.node,
    labelled.preference,
    labelled.identifier,
    labelled.value,
    labelled.cluster,
    sizes.identifiers,
    case
        when sizes.identifiers > {{ muster.muster_number(identity['largest_cluster']) }} then {{ muster.muster_string('too large') }}
        when unsettled.cluster is not null then {{ muster.muster_string('not settled') }}
    end as refused
from labelled
inner join sizes on sizes.cluster = labelled.cluster
left join unsettled on unsettled.cluster = labelled.cluster
{% endmacro %}
