{% macro muster_md5(text) %}
    {{- adapter.dispatch('muster_md5', 'muster')(text) -}}
{% endmacro %}

{% macro default__muster_md5(text) %}
    {{- 'md5(' ~ text ~ ')' -}}
{% endmacro %}

{% macro bigquery__muster_md5(text) %}
    {{- 'to_hex(md5(' ~ text ~ '))' -}}
{% endmacro %}

{% macro trino__muster_md5(text) %}
    {{- 'lower(to_hex(md5(to_utf8(' ~ text ~ '))))' -}}
{% endmacro %}


{% macro muster_sha256(text) %}
    {{- adapter.dispatch('muster_sha256', 'muster')(text) -}}
{% endmacro %}

{% macro default__muster_sha256(text) %}
    {{- 'sha2(' ~ text ~ ', 256)' -}}
{% endmacro %}

{% macro duckdb__muster_sha256(text) %}
    {{- 'sha256(' ~ text ~ ')' -}}
{% endmacro %}

{% macro postgres__muster_sha256(text) %}
    {{- "encode(sha256(convert_to(" ~ text ~ ", 'UTF8')), 'hex')" -}}
{% endmacro %}

{% macro redshift__muster_sha256(text) %}
    {{- 'sha2(' ~ text ~ ', 256)' -}}
{% endmacro %}

{% macro bigquery__muster_sha256(text) %}
    {{- 'to_hex(sha256(' ~ text ~ '))' -}}
{% endmacro %}

{% macro trino__muster_sha256(text) %}
    {{- 'lower(to_hex(sha256(to_utf8(' ~ text ~ '))))' -}}
{% endmacro %}


{% macro muster_slot(text) %}
    {{- adapter.dispatch('muster_slot', 'muster')('substr(' ~ muster.muster_md5(text) ~ ', 1, 8)') -}}
{% endmacro %}

{% macro default__muster_slot(digits) %}
    {{- "mod(cast('0x' || " ~ digits ~ " as bigint), 10000)" -}}
{% endmacro %}

{% macro postgres__muster_slot(digits) %}
    {{- "mod(cast(cast('x00000000' || " ~ digits ~ " as bit(64)) as bigint), 10000)" -}}
{% endmacro %}

{% macro snowflake__muster_slot(digits) %}
    {{- "mod(to_number(" ~ digits ~ ", 'XXXXXXXX'), 10000)" -}}
{% endmacro %}

{% macro bigquery__muster_slot(digits) %}
    {{- "mod(cast(concat('0x', " ~ digits ~ ") as int64), 10000)" -}}
{% endmacro %}

{% macro spark__muster_slot(digits) %}
    {{- "mod(cast(conv(" ~ digits ~ ", 16, 10) as bigint), 10000)" -}}
{% endmacro %}

{% macro redshift__muster_slot(digits) %}
    {{- "mod(strtol(" ~ digits ~ ", 16), 10000)" -}}
{% endmacro %}

{% macro trino__muster_slot(digits) %}
    {{- "mod(from_base(" ~ digits ~ ", 16), 10000)" -}}
{% endmacro %}
