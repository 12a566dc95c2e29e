{% macro muster_stored_in_order(columns) %}
    {{- adapter.dispatch('muster_stored_in_order', 'muster')(columns) -}}
{% endmacro %}

{% macro default__muster_stored_in_order(columns) %}
    {{- 'order by ' ~ columns -}}
{% endmacro %}

{% macro duckdb__muster_stored_in_order(columns) %}
    {#- What numbers the rows leaves them in order; sorting rows of this width once more costs a tenth of a plan. -#}
{% endmacro %}


{% macro muster_in_any_order(column) %}
    {{- adapter.dispatch('muster_in_any_order', 'muster')(column) -}}
{% endmacro %}

{% macro default__muster_in_any_order(column) %}
    {#- Several warehouses number rows in an order alone, or not at all. -#}
    {{- 'order by ' ~ column -}}
{% endmacro %}

{% macro duckdb__muster_in_any_order(column) %}
    {#- Sorting rows of a plan by a hash takes a tenth of its time, and is for nothing. -#}
{% endmacro %}


{% macro muster_quickly_written(from_now_on) %}
    {{- adapter.dispatch('muster_quickly_written', 'muster')(from_now_on) -}}
{% endmacro %}

{% macro default__muster_quickly_written(from_now_on) %}
{% endmacro %}

{% macro duckdb__muster_quickly_written(from_now_on) %}
    {#- Looking for the best way to pack hashes, which hardly pack, takes longer than working out what is written. -#}
    {{- "set force_compression = 'uncompressed'" if from_now_on else 'reset force_compression' -}}
{% endmacro %}


{% macro muster_computed_once() %}
    {{- adapter.dispatch('muster_computed_once', 'muster')() -}}
{% endmacro %}

{% macro default__muster_computed_once() %}
{% endmacro %}

{% macro duckdb__muster_computed_once() %}
    {#- PostgreSQL does it by itself; DuckDB would work out the forms of all identifiers a second time. -#}
    {{- 'materialized ' -}}
{% endmacro %}
