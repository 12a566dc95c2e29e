{% macro muster_stored_in_order(columns) %}
    {{- adapter.dispatch('muster_stored_in_order', 'muster')(columns) -}}
{% endmacro %}

{% macro default__muster_stored_in_order(columns) %}
    {{- 'order by ' ~ columns -}}
{% endmacro %}

{% macro duckdb__muster_stored_in_order(columns) %}
    {#- What numbers the rows leaves them in order; sorting rows of this width once more costs a tenth of a plan. -#}
{% endmacro %}
