{#- `muster test` runs on DuckDB in memory, whatever the project's own warehouse is: these macros are for it alone. -#}

{% macro muster_testing_session() %}
    {#- DuckDB draws a bar on standard output where it takes Python for an interactive one, as in a process of a pool. -#}
set TimeZone = 'UTC';
set enable_progress_bar = false
{% endmacro %}


{% macro muster_testing_plainly() %}
    {#- A few made-up rows are read sooner than DuckDB has thought of the best way to read them. -#}
pragma disable_optimizer
{% endmacro %}


{% macro muster_testing_functions() %}
    {#-
        Functions of other warehouses that sqlglot hands on to DuckDB, which has none of their names, each as its
        warehouse documents it: Trino's from_base, which Redshift's strtol becomes, Spark's conv, from base 16 alone,
        Spark's session zone, which is the session's here, its timestamp_micros and Trino's with_timezone. The arrow of lambdas is what sqlglot writes.
    -#}
set lambda_syntax = 'ENABLE_SINGLE_ARROW';
create temp macro from_base(digits, base) as
    case when base = 16 then cast('0x' || digits as bigint) else error('only base 16') end;
create temp macro conv(digits, from_base, to_base) as
    case
        when from_base = 16 and to_base = 10 then cast(cast('0x' || digits as bigint) as varchar)
        else error('only from base 16 to 10')
    end;
create temp macro current_timezone() as 'UTC';
create temp macro timestamp_micros(micros) as timezone('UTC', make_timestamp(micros));
create temp macro with_timezone(moment, zone) as timezone(zone, moment)
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


{% macro muster_testing_columns(relation) %}
describe {{ relation }}
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
