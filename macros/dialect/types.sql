{% macro muster_type(kind) %}
    {{- adapter.dispatch('muster_type', 'muster')(kind) -}}
{% endmacro %}

{% macro default__muster_type(kind) %}
    {%- set types = {
        'string': 'varchar',
        'bigint': 'bigint',
        'boolean': 'boolean',
        'date': 'date',
        'timestamp': 'timestamp',
        'number': 'decimal(38, 9)',
        'double': 'double',
    } -%}
    {{- types[kind] -}}
{% endmacro %}

{% macro postgres__muster_type(kind) %}
    {%- set types = {'string': 'text', 'double': 'double precision'} -%}
    {{- types.get(kind) or muster.default__muster_type(kind) -}}
{% endmacro %}

{% macro redshift__muster_type(kind) %}
    {%- set types = {'string': 'varchar(65535)', 'double': 'double precision'} -%}
    {{- types.get(kind) or muster.default__muster_type(kind) -}}
{% endmacro %}

{% macro snowflake__muster_type(kind) %}
    {%- set types = {'timestamp': 'timestamp_ntz'} -%}
    {{- types.get(kind) or muster.default__muster_type(kind) -}}
{% endmacro %}

{% macro bigquery__muster_type(kind) %}
    {%- set types = {
        'string': 'string',
        'bigint': 'int64',
        'boolean': 'bool',
        'date': 'date',
        'timestamp': 'datetime',
        'number': 'bignumeric',
        'double': 'float64',
    } -%}
    {{- types[kind] -}}
{% endmacro %}

{% macro spark__muster_type(kind) %}
    {%- set types = {'string': 'string'} -%}
    {{- types.get(kind) or muster.default__muster_type(kind) -}}
{% endmacro %}

{% macro trino__muster_type(kind) %}
    {%- set types = {'timestamp': 'timestamp(6)'} -%}
    {{- types.get(kind) or muster.default__muster_type(kind) -}}
{% endmacro %}


{% macro muster_cast(expression, kind) %}
    {{- 'cast(' ~ expression ~ ' as ' ~ muster.muster_type(kind) ~ ')' -}}
{% endmacro %}


{% macro muster_text(expression) %}
    {{- muster.muster_cast(expression, 'string') -}}
{% endmacro %}
