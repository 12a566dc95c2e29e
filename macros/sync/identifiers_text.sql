{% macro muster_sync_identifiers_text(identifiers) %}
    {#- One JSON object, its keys in the order given, as text: equal values give equal text on every warehouse. -#}
    {%- if not identifiers -%}
        {{- return(muster.muster_string('{}')) -}}
    {%- endif -%}
    {%- set terms = [] -%}
    {%- for identifier in identifiers -%}
        {%- set column = muster.muster_identifier(identifier['name']) -%}
        {%- set label = ('{' if loop.first else ',') ~ '"' ~ identifier['name'] ~ '":' -%}
        {%- do terms.append(muster.muster_string(label)) -%}
        {%- set quoted = muster.muster_sync_json_string(column, identifier['hash'] or identifier['kind'] == 'phone') -%}
        {%- do terms.append('coalesce(' ~ quoted ~ ", 'null')") -%}
    {%- endfor -%}
    {%- do terms.append(muster.muster_string('}')) -%}
    {{- return(terms | join(' || ')) -}}
{% endmacro %}


{% macro muster_sync_json_string(expression, plain) %}
    {#- `plain` values (hashes, phone numbers) hold nothing to escape. -#}
    {%- if plain -%}
        {{- return(muster.muster_string('"') ~ ' || ' ~ expression ~ ' || ' ~ muster.muster_string('"')) -}}
    {%- endif -%}
    {%- set escapes = [['\\', '\\\\'], ['"', '\\"'], ['\n', '\\n'], ['\r', '\\r'], ['\t', '\\t']] -%}
    {%- set escaped = namespace(text=expression) -%}
    {%- for escape in escapes -%}
        {%- set escaped.text = (
            'replace(' ~ escaped.text ~ ', ' ~ muster.muster_string(escape[0]) ~ ', ' ~ muster.muster_string(escape[1]) ~ ')'
        ) -%}
    {%- endfor -%}
    {{- return(muster.muster_string('"') ~ ' || ' ~ escaped.text ~ ' || ' ~ muster.muster_string('"')) -}}
{% endmacro %}
