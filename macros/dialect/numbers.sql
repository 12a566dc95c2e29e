{% macro muster_decimal(expression) %}
    {#- An exact decimal with nine places, whatever number it is made from. -#}
    {{- adapter.dispatch('muster_decimal', 'muster')(expression) -}}
{% endmacro %}

{% macro default__muster_decimal(expression) %}
    {{- muster.muster_cast(expression, 'number') -}}
{% endmacro %}

{% macro bigquery__muster_decimal(expression) %}
    {#- BIGNUMERIC has 38 places. -#}
    {{- 'round(' ~ muster.muster_cast(expression, 'number') ~ ', 9)' -}}
{% endmacro %}


{% macro muster_product(one, other) %}
    {{- adapter.dispatch('muster_product', 'muster')(one, other) -}}
{% endmacro %}

{% macro default__muster_product(one, other) %}
    {{- muster.muster_decimal('(' ~ one ~ ' * ' ~ other ~ ')') -}}
{% endmacro %}

{% macro spark__muster_product(one, other) %}
    {#- Spark keeps six places of the product of two such decimals; a double keeps fifteen digits. -#}
    {{- muster.muster_decimal('(' ~ muster.muster_cast(one, 'double') ~ ' * ' ~ muster.muster_cast(other, 'double') ~ ')') -}}
{% endmacro %}
