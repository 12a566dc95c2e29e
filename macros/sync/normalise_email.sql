{% macro muster_normalise_email(expression) %}
    {#- Lower case without white space at the ends; what already is a SHA-256 in hex stays as it is. White space is
        spelt out because a warehouse's own idea of it may go by a language. -#}
    {{- muster.muster_regex_replace('lower(' ~ expression ~ ')', '^[ \\t\\n\\r\\f]+|[ \\t\\n\\r\\f]+$', '') -}}
{% endmacro %}


{% macro muster_usable_email(expression) %}
    {#- One @, no white space, and a dot in the domain: what every platform asks for at the least. -#}
    {{- '(' ~ muster.muster_matches(expression, muster.muster_pattern('^[^@ \\t\\n\\r\\f]+@[^@ \\t\\n\\r\\f]+[.][^@ \\t\\n\\r\\f]+$')) ~ ')' -}}
{% endmacro %}
