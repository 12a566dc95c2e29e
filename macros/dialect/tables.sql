{% macro muster_stored_in_order(columns) %}
    {{- adapter.dispatch('muster_stored_in_order', 'muster')(columns) -}}
{% endmacro %}

{% macro default__muster_stored_in_order(columns) %}
    {{- 'order by ' ~ columns -}}
{% endmacro %}

{% macro duckdb__muster_stored_in_order(columns) %}
    {#- What numbers the rows leaves them in order; sorting rows of this width once more costs a tenth of a plan. -#}
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
