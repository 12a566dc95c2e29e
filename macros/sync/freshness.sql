{% macro muster_sync_freshness(audience, sources, relations) %}
    {#- How new an audience and its event sources are: the last evaluation, and of each source when its newest row
        arrived, or where it does not say so, when its newest event was. -#}
select
    {{ muster.muster_text(muster.muster_string('')) }} as entity,
    {{ muster.muster_text(muster.muster_string('')) }} as source,
    max(as_of) as newest_at
from {{ relations['sizes'] }}
where audience = {{ muster.muster_string(audience) }}
    {%- for source in sources %}
union all
select
    {{ muster.muster_text(muster.muster_string(source['entity'])) }} as entity,
    {{ muster.muster_text(muster.muster_string(source['source'])) }} as source,
    max(coalesce(last_loaded_at, last_event_at)) as newest_at
from {{ relations['event_sources'] }}
where entity = {{ muster.muster_string(source['entity']) }}
    and source = {{ muster.muster_string(source['source']) }}
    {%- endfor %}
{% endmacro %}
