{#- `muster test` runs on DuckDB in memory, whatever the project's own warehouse is: these macros are for it alone. -#}

{% macro muster_testing_session() %}
set TimeZone = 'UTC'
{% endmacro %}


{% macro muster_testing_relation(schema, name) %}
    {{- muster.muster_identifier(schema) ~ '.' ~ muster.muster_identifier(name) -}}
{% endmacro %}


{% macro muster_testing_create_schema(schema) %}
create schema {{ muster.muster_identifier(schema) }}
{% endmacro %}


{% macro muster_testing_drop_schema(schema) %}
drop schema {{ muster.muster_identifier(schema) }} cascade
{% endmacro %}


{% macro muster_testing_create_table(relation, columns) %}
create table {{ relation }} (
    {%- for name, type in columns | items %}
    {{ muster.muster_identifier(name) }} {{ muster.muster_testing_type(type) }}{{ ',' if not loop.last }}
    {%- endfor %}
)
{% endmacro %}


{% macro muster_testing_insert(relation, columns, rows) %}
    {#- A column that a row does not give is null there. -#}
insert into {{ relation }}
values
    {%- for row in rows %}
    (
        {%- for name, type in columns | items -%}
        {{ muster.muster_testing_value(type, row.get(name)) }}{{ ', ' if not loop.last }}
        {%- endfor -%}
    ){{ ',' if not loop.last }}
    {%- endfor %}
{% endmacro %}


{% macro muster_testing_create_model(relation, query) %}
create table {{ relation }} as
{{ query }}
{% endmacro %}


{% macro muster_testing_rows(relation) %}
select * from {{ relation }}
{% endmacro %}


{% macro muster_testing_keys(relation, key) %}
select {{ muster.muster_identifier(key) }}
from {{ relation }}
order by 1
{% endmacro %}


{% macro muster_testing_different(first, second) %}
with first_rows as (
{{ first }}
),

second_rows as (
{{ second }}
)

select count(*)
from (
    (select * from first_rows except all select * from second_rows)
    union all
    (select * from second_rows except all select * from first_rows)
) as different
{% endmacro %}
