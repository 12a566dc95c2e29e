{% macro muster_identity_links_model(identity, relations) %}
    {#- Each pair of identifiers that some row says belong together, once. -#}
select distinct
    left_identifier,
    left_value,
    right_identifier,
    right_value
from (
    {%- for link in identity['links'] %}
    {{ 'union all' if not loop.first }}
    select
        {{ muster._muster_identity_end(link['ends'][0]) }} as left_value,
        {{ muster.muster_text(muster.muster_string(link['ends'][0]['name'])) }} as left_identifier,
        {{ muster._muster_identity_end(link['ends'][1]) }} as right_value,
        {{ muster.muster_text(muster.muster_string(link['ends'][1]['name'])) }} as right_identifier
    from {{ relations[loop.index0] }}
    where {{ muster._muster_identity_counts(link['ends'][0]) }}
        and {{ muster._muster_identity_counts(link['ends'][1]) }}
        {%- if 'at' in link %}
        and {{ muster.muster_during({'column': link['at']['column'], 'type': link['at']['type'], 'timezone': link['at'].get('timezone')}, {'to': {'ago': [0, 'day']}}, 'UTC') }}
        {%- endif %}
    {%- endfor %}
) as links
{% endmacro %}


{% macro _muster_identity_end(end) %}
    {%- set text = muster.muster_text(muster.muster_identifier(end['column'])) -%}
    {{- 'lower(' ~ text ~ ')' if end.get('ignore_case', false) else text -}}
{% endmacro %}


{% macro _muster_identity_counts(end) %}
    {#- Which values are identifiers at all: an empty text names nobody, and everybody's device is `0000`. -#}
    {%- set value = muster._muster_identity_end(end) -%}
    {%- set conditions = [value ~ " <> ''"] -%}
    {%- if 'include' in end -%}
        {%- do conditions.append('(' ~ muster._muster_identity_found(value, end['include']) ~ ')') -%}
    {%- endif -%}
    {%- if 'exclude' in end -%}
        {%- do conditions.append(muster.muster_not(muster._muster_identity_found(value, end['exclude']))) -%}
    {%- endif -%}
    {{- conditions | join(' and ') -}}
{% endmacro %}


{% macro _muster_identity_found(value, patterns) %}
    {%- set found = [] -%}
    {%- for pattern in patterns -%}
        {%- do found.append(muster.muster_matches(value, muster.muster_string(pattern))) -%}
    {%- endfor -%}
    {{- found | join(' or ') -}}
{% endmacro %}


{% macro muster_identity_nodes_model(identity, relations) %}
    {#- A number for each identifier: the smaller, the likelier to be the canonical key. -#}
    {%- set order = [] -%}
    {%- for kind in identity['identifiers'] -%}
        {%- do order.append('when ' ~ muster.muster_string(kind['name']) ~ ' then ' ~ loop.index) -%}
    {%- endfor -%}
select
    row_number() over (order by preference, {{ muster.muster_binary_order('value') }}) as node,
    preference,
    identifier,
    value
from (
    select distinct
        identifier,
        value,
        case identifier {{ order | join(' ') }} end as preference
    from (
        select left_identifier as identifier, left_value as value
        from {{ relations['links'] }}
        union all
        select right_identifier as identifier, right_value as value
        from {{ relations['links'] }}
    ) as identifiers
) as ordered
{% endmacro %}


{% macro muster_identity_edges_model(relations) %}
    {#- Both ways round, so that a round needs to look at one end only. -#}
with links as (
    select
        left_nodes.node as left_node,
        right_nodes.node as right_node
    from {{ relations['links'] }} as links
    inner join {{ relations['nodes'] }} as left_nodes
        on left_nodes.identifier = links.left_identifier and left_nodes.value = links.left_value
    inner join {{ relations['nodes'] }} as right_nodes
        on right_nodes.identifier = links.right_identifier and right_nodes.value = links.right_value
    where left_nodes.node <> right_nodes.node
)

select distinct cluster, neighbour
from (
    select left_node as cluster, right_node as neighbour from links
    union all
    select right_node as cluster, left_node as neighbour from links
) as both_ways
{% endmacro %}
