{% macro muster_sync_cleaned(identifier, expression) %}
    {#- First of three steps from a raw value to what is sent, so that no step repeats another's text. -#}
    {%- if identifier['kind'] == 'email' -%}
        {{- return(muster.muster_normalise_email(expression)) -}}
    {%- elif identifier['kind'] == 'phone' -%}
        {%- set trimmed = muster.muster_normalise_email(expression) -%}
        {{- return(
            'case when ' ~ muster.muster_sync_is_hash(trimmed) ~ ' then ' ~ trimmed
            ~ ' else ' ~ muster.muster_phone_digits(expression) ~ ' end'
        ) -}}
    {%- endif -%}
    {{- return("nullif(" ~ expression ~ ", '')") -}}
{% endmacro %}


{% macro muster_sync_normalised(identifier, expression) %}
    {#- Second step: null where the value cannot be used. A hash passes only where hashes are sent. -#}
    {%- if identifier['kind'] == 'text' -%}
        {{- return(expression) -}}
    {%- endif -%}
    {%- if identifier['kind'] == 'email' -%}
        {%- set usable = 'case when ' ~ muster.muster_usable_email(expression) ~ ' then ' ~ expression ~ ' end' -%}
    {%- else -%}
        {%- set usable = muster.muster_phone_e164(expression, identifier['country']) -%}
    {%- endif -%}
    {%- if identifier['hash'] -%}
        {{- return('case when ' ~ muster.muster_sync_is_hash(expression) ~ ' then ' ~ expression ~ ' else ' ~ usable ~ ' end') -}}
    {%- endif -%}
    {{- return(usable) -}}
{% endmacro %}


{% macro muster_sync_sent(identifier, expression) %}
    {#- Third step: the form that the destination takes. -#}
    {%- if not identifier['hash'] -%}
        {{- return(expression) -}}
    {%- elif identifier['kind'] == 'text' -%}
        {{- return(muster.muster_sha256(expression)) -}}
    {%- endif -%}
    {{- return(
        'case when ' ~ muster.muster_sync_is_hash(expression) ~ ' then ' ~ expression
        ~ ' else ' ~ muster.muster_sha256(expression) ~ ' end'
    ) -}}
{% endmacro %}


{% macro muster_sync_is_hash(expression) %}
    {#- The length is compared first because a regular expression over every row costs more. -#}
    {{- 
        '(length(' ~ expression ~ ') = 64 and ' ~ muster.muster_matches(expression, muster.muster_pattern('^[0-9a-f]{64}$')) ~ ')'
     -}}
{% endmacro %}
