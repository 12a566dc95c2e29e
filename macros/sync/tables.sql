{% macro muster_sync_columns(table) %}
    {#- The columns of the sync tables, in order, each with its kind. -#}
    {%- set pair = [['destination', 'string'], ['audience', 'string']] -%}
    {%- set tables = {
        'muster_sync_state': pair + [
            ['entity_key', 'string'],
            ['fingerprint', 'string'],
            ['identifiers', 'string'],
            ['confirmed', 'boolean'],
            ['run_id', 'string'],
            ['updated_at', 'timestamp'],
        ],
        'muster_sync_audiences': pair + [
            ['entity', 'string'],
            ['remote_id', 'string'],
            ['remote_name', 'string'],
            ['description', 'string'],
            ['on_delete', 'string'],
            ['created_at', 'timestamp'],
            ['updated_at', 'timestamp'],
        ],
        'muster_sync_erasures': [
            ['entity', 'string'],
            ['key_hash', 'string'],
            ['erased_at', 'timestamp'],
            ['receipt', 'string'],
        ],
        'muster_sync_runs': [['run_id', 'string']] + pair + [
            ['sequence', 'bigint'],
            ['mode', 'string'],
            ['match_on', 'string'],
            ['resync', 'string'],
            ['status', 'string'],
            ['reason', 'string'],
            ['override', 'string'],
            ['started_at', 'timestamp'],
            ['heartbeat_at', 'timestamp'],
            ['finished_at', 'timestamp'],
            ['host', 'string'],
            ['process', 'string'],
            ['members', 'bigint'],
            ['adds', 'bigint'],
            ['changes', 'bigint'],
            ['removes', 'bigint'],
            ['unmatchable', 'bigint'],
            ['quarantined', 'bigint'],
            ['acknowledged', 'bigint'],
            ['rejected', 'bigint'],
            ['matched', 'bigint'],
            ['error', 'string'],
        ],
        'muster_sync_batches': [
            ['run_id', 'string'],
            ['batch', 'bigint'],
            ['status', 'string'],
            ['adds', 'bigint'],
            ['changes', 'bigint'],
            ['removes', 'bigint'],
            ['member_rows', 'bigint'],
            ['attempts', 'bigint'],
            ['job', 'string'],
            ['error', 'string'],
            ['updated_at', 'timestamp'],
        ],
        'muster_sync_rejects': [['run_id', 'string']] + pair + [
            ['batch', 'bigint'],
            ['action', 'string'],
            ['entity_key', 'string'],
            ['fingerprint', 'string'],
            ['reason', 'string'],
            ['for_good', 'boolean'],
            ['refused_at', 'timestamp'],
        ],
        'muster_sync_quarantine': pair + [
            ['run_id', 'string'],
            ['entity_key', 'string'],
            ['identifier', 'string'],
            ['reason', 'string'],
        ],
    } -%}
    {{- return(tables[table]) -}}
{% endmacro %}


{% macro muster_sync_create_table(relation, table) %}
    {{- adapter.dispatch('muster_sync_create_table', 'muster')(relation, table) -}}
{% endmacro %}

{% macro default__muster_sync_create_table(relation, table) %}
create table if not exists {{ relation }} (
    {%- for column in muster.muster_sync_columns(table) %}
    {{ muster.muster_identifier(column[0]) }} {{ muster.muster_type(column[1]) }}{{ ',' if not loop.last }}
    {%- endfor %}
)
{% endmacro %}

{% macro spark__muster_sync_create_table(relation, table) %}
    {#- Rows of the ledger are updated and deleted, which plain Spark tables cannot do and Delta's can. -#}
    {{- muster.default__muster_sync_create_table(relation, table) }}
using delta
{% endmacro %}


{% macro muster_sync_column_names(table) %}
    {%- for column in muster.muster_sync_columns(table) -%}
        {{- column[0] }}{{ ' ' if not loop.last -}}
    {%- endfor -%}
{% endmacro %}


{% macro muster_sync_tables_probe(relations) %}
    {#- Fails where one of some tables is not there or lacks a column, as one that an earlier version made may. -#}
select 1 as found
from {% for table, relation in relations.items() -%}
    {{ ' cross join ' if not loop.first }}{{ relation }} as {{ table }}
{%- endfor %}
where false
    {%- for table in relations %}
    {%- for column in muster.muster_sync_columns(table) %}
    and {{ muster.muster_column(table, column[0]) }} is null
    {%- endfor %}
    {%- endfor %}
{% endmacro %}


{% macro muster_sync_add_column(relation, table, name) %}
    {#- A column that the table lacks, because an earlier version made it. -#}
    {%- for column in muster.muster_sync_columns(table) if column[0] == name %}
alter table {{ relation }} add column {{ muster.muster_identifier(name) }} {{ muster.muster_type(column[1]) }}
    {%- endfor %}
{% endmacro %}


{% macro muster_sync_value(kind, value) %}
    {#- A literal of a column's kind; none is null. -#}
    {%- if value is none -%}
        {{- return('null') -}}
    {%- elif kind == 'string' -%}
        {{- return(muster.muster_string(value)) -}}
    {%- elif kind == 'boolean' -%}
        {{- return(muster.muster_boolean(value)) -}}
    {%- elif kind == 'timestamp' -%}
        {{- return(muster.muster_timestamp(value)) -}}
    {%- endif -%}
    {{- return(muster.muster_number(value)) -}}
{% endmacro %}


{% macro muster_sync_insert(relation, table, rows) %}
    {#- Rows are dictionaries; a column that a row does not name is null. -#}
    {%- set columns = muster.muster_sync_columns(table) -%}
insert into {{ relation }} (
    {%- for column in columns %}
    {{ muster.muster_identifier(column[0]) }}{{ ',' if not loop.last }}
    {%- endfor %}
)
values
    {%- for row in rows %}
    (
        {%- for column in columns -%}
        {{ muster.muster_sync_value(column[1], row.get(column[0])) }}{{ ', ' if not loop.last }}
        {%- endfor -%}
    ){{ ',' if not loop.last }}
    {%- endfor %}
{% endmacro %}


{% macro muster_sync_assignments(table, values) %}
    {%- set terms = [] -%}
    {%- for column in muster.muster_sync_columns(table) if column[0] in values -%}
        {%- do terms.append(
            muster.muster_identifier(column[0]) ~ ' = ' ~ muster.muster_sync_value(column[1], values[column[0]])
        ) -%}
    {%- endfor -%}
    {{- terms | join(', ') -}}
{% endmacro %}


{% macro muster_sync_drop(relation) %}
drop table if exists {{ relation }}
{% endmacro %}
