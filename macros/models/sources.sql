{% macro muster_event_sources_model(sources, relations) %}
    {%- for source in sources %}
{{ 'union all' if not loop.first }}
select
    {{ muster.muster_text(muster.muster_string(source['entity'])) }} as entity,
    {{ muster.muster_text(muster.muster_string(source['source'])) }} as source,
    {{ muster.muster_cast('count(*)', 'bigint') }} as {{ muster.muster_identifier('row_count') }},
    min({{ muster.muster_time_of(source['at']) }}) as first_event_at,
    max({{ muster.muster_time_of(source['at']) }}) as last_event_at,
    {{ 'max(' ~ muster.muster_time_of(source['loaded_at']) ~ ')' if 'loaded_at' in source else muster.muster_cast('null', 'timestamp') }} as last_loaded_at
from {{ relations[source['relation']] }}
    {%- endfor %}
    {%- if not sources %}
select
    {{ muster.muster_cast('null', 'string') }} as entity,
    {{ muster.muster_cast('null', 'string') }} as source,
    {{ muster.muster_cast('null', 'bigint') }} as {{ muster.muster_identifier('row_count') }},
    {{ muster.muster_cast('null', 'timestamp') }} as first_event_at,
    {{ muster.muster_cast('null', 'timestamp') }} as last_event_at,
    {{ muster.muster_cast('null', 'timestamp') }} as last_loaded_at
where false
    {%- endif %}
{% endmacro %}


{% macro muster_time_of(time) %}
    {{- muster.muster_cast(muster.muster_utc(muster.muster_identifier(time['column']), time['type'], time.get('timezone')), 'timestamp') -}}
{% endmacro %}
