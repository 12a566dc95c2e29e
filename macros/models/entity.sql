{% macro muster_entity_model(entity, relations) %}
    {%- set aliases = entity.get('aliases') -%}
    {%- set key = 'muster_key' if aliases else muster.muster_key_expression(none, entity['key']['column'], entity['key']['type']) -%}
select
    {{ muster.muster_identifier(entity['key']['name']) }}
    {%- for column in entity['columns'] %},
    {{ muster.muster_identifier(column['name']) }}
    {%- endfor %}
from (
    select
        {{ key }} as {{ muster.muster_identifier(entity['key']['name']) }},
        {%- for column in entity['columns'] %}
        {{ muster.muster_entity_column(column) }} as {{ muster.muster_identifier(column['name']) }},
        {%- endfor %}
        row_number() over (
            partition by {{ key }}
            order by
                {%- if aliases %}
                {{ muster.muster_own_row_first(entity['key']) }},
                {%- endif %}
                {{ muster.muster_stable_order(entity['columns']) }}
        ) as muster_row
    from {{ muster.muster_canonical_rows(entity, relations) if aliases else relations['entity'] }}
    where {{ key }} is not null
        {%- set erasures = muster.muster_erasures() %}
        {%- if erasures %}
        and {{ muster.muster_not_erased(erasures, entity['entity'], key) }}
        {%- endif %}
) as numbered
where muster_row = 1
{% endmacro %}


{% macro muster_entity_column(column) %}
    {%- set source = muster.muster_identifier(column['column']) -%}
    {%- if 'path' in column -%}
        {{- muster.muster_from_json(source, column['path'], column['type'], column.get('timezone')) -}}
    {%- elif column['type'] in ['timestamp', 'timestamptz'] -%}
        {{- muster.muster_utc(source, column['type'], column.get('timezone')) -}}
    {%- elif column.get('as_text', false) -%}
        {{- muster.muster_text(source) -}}
    {%- else -%}
        {{- source -}}
    {%- endif -%}
{% endmacro %}


{% macro muster_key_expression(relation, column, type) %}
    {#- A key of a declared type is cast to it everywhere, so that every table joins on one and the same type. -#}
    {%- set expression = muster.muster_column(relation, column) -%}
    {%- if type == 'string' -%}
        {{- muster.muster_text(expression) -}}
    {%- elif type == 'integer' -%}
        {{- muster.muster_cast(expression, 'bigint') -}}
    {%- else -%}
        {{- expression -}}
    {%- endif -%}
{% endmacro %}


{% macro muster_stable_order(columns) %}
    {#- Which of several rows is kept must not depend on storage order, nor on where a warehouse sorts nulls. -#}
    {%- set terms = [] -%}
    {%- for column in columns if column['type'] != 'list' or 'path' in column -%}
        {%- set stored = muster.muster_identifier(column['column']) -%}
        {%- set is_json = column['type'] == 'json' or 'path' in column -%}
        {%- set source = muster.muster_json_written(stored) if is_json else stored -%}
        {%- do terms.append('case when ' ~ source ~ ' is null then 1 else 0 end') -%}
        {%- do terms.append(muster.muster_tie_order(source, 'string' if is_json else column['type'])) -%}
    {%- endfor -%}
    {{- terms | join(', ') if terms else '1' -}}
{% endmacro %}
