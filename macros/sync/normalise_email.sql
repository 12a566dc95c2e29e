{% macro muster_normalise_email(expression) %}
    {#- Lower case without white space at the ends; what already is a SHA-256 in hex stays as it is. -#}
    {{- return(muster_regex_replace('lower(' ~ expression ~ ')', '^\\s+|\\s+$', '')) -}}
{% endmacro %}


{% macro muster_usable_email(expression) %}
    {#- One @, no white space, and a dot in the domain: what every platform asks for at the least. -#}
    {{- return('(' ~ muster_matches(expression, muster_string('^[^@\\s]+@[^@\\s]+[.][^@\\s]+$')) ~ ')') -}}
{% endmacro %}
