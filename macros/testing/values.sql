{% macro muster_testing_type(type) %}
    {#- The type of a column as a spec declares it; what nobody declares, and nothing tells, is text. -#}
    {%- if type == 'integer' -%}
        {{- return(muster.muster_type('bigint')) -}}
    {%- elif type in ['timestamptz', 'json'] -%}
        {{- return(type) -}}
    {%- elif type == 'list' -%}
        {{- return(muster.muster_type('string') ~ '[]') -}}
    {%- elif type == 'unknown' -%}
        {{- return(muster.muster_type('string')) -}}
    {%- endif -%}
    {{- return(muster.muster_type(type)) -}}
{% endmacro %}


{% macro muster_testing_value(type, value) %}
    {%- if value is none -%}
        {{- return('null') -}}
    {%- elif type == 'list' -%}
        {%- set items = [] -%}
        {%- for item in value -%}
            {%- do items.append(muster.muster_string(item)) -%}
        {%- endfor -%}
        {{- return('[' ~ items | join(', ') ~ ']') -}}
    {%- elif type == 'boolean' -%}
        {{- return(muster.muster_boolean(value)) -}}
    {%- elif type == 'date' -%}
        {{- return(muster.muster_date(value)) -}}
    {%- elif type == 'timestamp' -%}
        {{- return(muster.muster_timestamp(value)) -}}
    {%- elif type == 'timestamptz' -%}
        {{- return(muster.muster_timestamptz(value)) -}}
    {%- elif type in ['integer', 'number'] -%}
        {{- return(muster.muster_number(value)) -}}
    {%- endif -%}
    {{- return(muster.muster_string(value)) -}}
{% endmacro %}
