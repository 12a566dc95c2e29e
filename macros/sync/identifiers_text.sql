{% macro muster_sync_identifiers_text(identifiers, traits=[]) %}
    {#- One JSON object, its keys in the order given, as text: equal values give equal text on every warehouse. -#}
    {%- if not identifiers and not traits -%}
        {{- return(muster.muster_string('{}')) -}}
    {%- endif -%}
    {%- set terms = [] -%}
    {%- for identifier in identifiers -%}
        {%- set value = 'value_' ~ identifier['place'] -%}
        {%- set label = ('{' if loop.first else ',') ~ '"' ~ identifier['name'] ~ '":' -%}
        {%- do terms.append(muster.muster_string(label)) -%}
        {%- if identifier['many'] is not none and identifier['many'] > 1 -%}
            {%- set quoted = value -%}
        {%- else -%}
            {%- set quoted = muster.muster_sync_json_string(value, muster.muster_sync_is_plain(identifier)) -%}
        {%- endif -%}
        {%- do terms.append('coalesce(' ~ quoted ~ ", 'null')") -%}
    {%- endfor -%}
    {%- for trait in traits -%}
        {%- set label = (',' if identifiers or not loop.first else '{') ~ '"' ~ trait['name'] ~ '":' -%}
        {%- do terms.append(muster.muster_string(label)) -%}
        {%- set quoted = muster.muster_sync_json_string('trait_' ~ loop.index, true) -%}
        {%- do terms.append('coalesce(' ~ quoted ~ ", 'null')") -%}
    {%- endfor -%}
    {%- do terms.append(muster.muster_string('}')) -%}
    {{- return(muster.muster_concatenated(terms)) -}}
{% endmacro %}


{% macro muster_sync_is_plain(identifier) %}
    {#- Whether what is sent holds nothing that JSON would have to escape: hashes, phone numbers, dates and codes. -#}
    {{- return(
        identifier['hash'] or identifier['hashed']
        or identifier['rule'] in [
            'phone', 'phone_digits', 'city', 'country', 'country_upper', 'gender', 'maid',
            'date', 'birth_year', 'birth_month', 'birth_day',
        ]
    ) -}}
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


{% macro muster_sync_readable_json(text) %}
    {#- Control characters, which are rare, stand in the text as they are, and no warehouse reads JSON with them. They
        are escaped when it is read, so that what was written before stays as it is. -#}
    {%- set nul = muster.muster_nul() -%}
    {%- set characters = [[nul, 0]] if nul else [] -%}
    {%- for code in range(1, 32) -%}
        {%- do characters.append(['chr(' ~ code ~ ')', code]) -%}
    {%- endfor -%}
    {%- set escaped = namespace(text=text) -%}
    {%- for character, code in characters -%}
        {%- set escape = '\\u00' ~ code // 16 ~ '0123456789abcdef'[code % 16:][:1] -%}
        {%- set escaped.text = 'replace(' ~ escaped.text ~ ', ' ~ character ~ ', ' ~ muster.muster_string(escape) ~ ')' -%}
    {%- endfor -%}
    {{- 'case when ' ~ muster.muster_sync_has_controls(text) ~ ' then ' ~ escaped.text ~ ' else ' ~ text ~ ' end' -}}
{% endmacro %}


{% macro muster_sync_has_controls(text) %}
    {#- Whether there are control characters in a text. -#}
    {%- set nul = muster.muster_nul() -%}
    {{- muster.muster_matches(text, muster.muster_pattern('[\u0001-\u001f]')) -}}
    {{- ' or ' ~ muster.muster_contains(text, nul) if nul else '' -}}
{% endmacro %}
