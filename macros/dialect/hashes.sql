{% macro muster_md5(text) %}
    {{- return(adapter.dispatch('muster_md5', 'muster')(text)) -}}
{% endmacro %}

{% macro default__muster_md5(text) %}
    {{- return('md5(' ~ text ~ ')') -}}
{% endmacro %}

{% macro bigquery__muster_md5(text) %}
    {{- return('to_hex(md5(' ~ text ~ '))') -}}
{% endmacro %}

{% macro trino__muster_md5(text) %}
    {{- return('lower(to_hex(md5(to_utf8(' ~ text ~ '))))') -}}
{% endmacro %}


{% macro muster_sha256(text) %}
    {{- return(adapter.dispatch('muster_sha256', 'muster')(text)) -}}
{% endmacro %}

{% macro default__muster_sha256(text) %}
    {{- return('sha2(' ~ text ~ ', 256)') -}}
{% endmacro %}

{% macro duckdb__muster_sha256(text) %}
    {{- return('sha256(' ~ text ~ ')') -}}
{% endmacro %}

{% macro postgres__muster_sha256(text) %}
    {{- return("encode(sha256(convert_to(" ~ text ~ ", 'UTF8')), 'hex')") -}}
{% endmacro %}

{% macro redshift__muster_sha256(text) %}
    {{- return('sha2(' ~ text ~ ', 256)') -}}
{% endmacro %}

{% macro bigquery__muster_sha256(text) %}
    {{- return('to_hex(sha256(' ~ text ~ '))') -}}
{% endmacro %}

{% macro trino__muster_sha256(text) %}
    {{- return('lower(to_hex(sha256(to_utf8(' ~ text ~ '))))') -}}
{% endmacro %}
