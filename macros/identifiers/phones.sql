{% macro muster_rule_phone(step, text, country) %}
    {#- E.164, with its plus sign. -#}
    {%- if step == 'clean' -%}
        {{- muster.muster_phone_dialled(text) -}}
    {%- elif step == 'normal' -%}
        {{- "'+' || " ~ muster.muster_phone_number(text, country) -}}
    {%- elif country -%}
        {{- "'not_a_phone_number'" -}}
    {%- else -%}
        {%- set national = muster.muster_matches(text, muster.muster_pattern('^(0?[1-9][0-9]{5,13})$')) -%}
        {{- 'case when ' ~ national ~ " then 'no_country_code' else 'not_a_phone_number' end" -}}
    {%- endif -%}
{% endmacro %}


{% macro muster_rule_phone_digits(step, text, country) %}
    {#- E.164 without its plus sign: Meta and Snapchat. -#}
    {%- if step == 'normal' -%}
        {{- muster.muster_phone_number(text, country) -}}
    {%- else -%}
        {{- muster.muster_rule_phone(step, text, country) -}}
    {%- endif -%}
{% endmacro %}


{% macro muster_phone_dialled(text) %}
    {#- Drops an extension and the `(0)` that people write into international numbers, except in Italy's, whose
        zero belongs to the number; then keeps the digits and the plus sign. Most numbers have none of these, and
        are told by one look. -#}
    {%- set plain = muster.muster_matches(text, muster.muster_pattern('^[-0-9+ .]+$')) -%}
    {%- set bare = muster.muster_regex_replace('lower(' ~ text ~ ')', '(ext|x|#|;|,)[^\\n]*$', '') -%}
    {%- set italian = muster.muster_matches(bare, muster.muster_pattern('^[^0-9+]*([+]|00)[^0-9]*3[^0-9]*9')) -%}
    {%- set without_zero = muster.muster_regex_replace(bare, '[(]0[)]', '') -%}
    {%- set chosen = 'case when ' ~ italian ~ ' then ' ~ bare ~ ' else ' ~ without_zero ~ ' end' -%}
    {{- 'case when ' ~ plain ~ ' then replace(replace(replace(' ~ text ~ ", '-', ''), '.', ''), ' ', '')"
        ~ ' else ' ~ muster.muster_regex_replace(chosen, '[^0-9+]', '') ~ ' end' -}}
{% endmacro %}


{% macro muster_phone_number(digits, country) %}
    {#- E.164 without its plus sign. `country` holds the calling code, the trunk prefix, the prefix for calls abroad and
        the pattern of a national number; without a country only a number that names its own can be used. -#}
    {%- set abroad = country['abroad'] if country else '00' -%}
    {%- set plus = muster.muster_after_prefix(digits, '+') -%}
    case
        when {{ muster.muster_starts_with(digits, muster.muster_string('+')) }}
            then {{ muster.muster_phone_international(plus, country) }}
        {%- if abroad %}
        when {{ muster.muster_starts_with(digits, muster.muster_string(abroad)) }}
            then {{ muster.muster_phone_international(muster.muster_after_prefix(digits, abroad), country) }}
        {%- endif %}
        {%- if country %}
        else {{ muster.muster_phone_national(digits, country) }}
        {%- endif %}
    end
{% endmacro %}


{% macro muster_phone_international(number, country) %}
    {#- `number` starts with a calling code. A trunk prefix after the default country's own code is dropped. -#}
    case
        {%- if country and country['trunk'] %}
            {%- set prefix = country['code'] ~ country['trunk'] -%}
            {%- set rest = muster.muster_after_prefix(number, prefix) %}
        when {{ muster.muster_starts_with(number, muster.muster_string(prefix)) }} and {{ muster.muster_phone_fits(rest, country) }}
            then {{ muster.muster_string(country['code']) }} || {{ rest }}
        {%- endif %}
        when {{ muster.muster_matches(number, muster.muster_pattern('^[1-9][0-9]{6,14}$')) }}
            then {{ number }}
    end
{% endmacro %}


{% macro muster_phone_national(number, country) %}
    {#- The order is that of Google's libphonenumber: a number that fits only with its calling code taken off has
        one; else a trunk prefix is taken off where the rest fits; else the number is taken as it stands. -#}
    {%- set code = muster.muster_string(country['code']) -%}
    {%- set rest = muster.muster_after_prefix(number, country['code']) -%}
    case
        when {{ muster.muster_starts_with(number, muster.muster_string(country['code'])) }}
            and not {{ muster.muster_phone_fits(number, country) }}
            and {{ muster.muster_phone_fits(rest, country) }}
            then {{ code }} || {{ rest }}
        {%- if country['trunk'] %}
            {%- set long_prefix = country['code'] ~ country['trunk'] -%}
            {%- set long_rest = muster.muster_after_prefix(number, long_prefix) -%}
            {%- set short_rest = muster.muster_after_prefix(number, country['trunk']) %}
        when {{ muster.muster_starts_with(number, muster.muster_string(long_prefix)) }}
            and not {{ muster.muster_phone_fits(number, country) }}
            and {{ muster.muster_phone_fits(long_rest, country) }}
            then {{ code }} || {{ long_rest }}
        when {{ muster.muster_starts_with(number, muster.muster_string(country['trunk'])) }}
            and {{ muster.muster_phone_fits(short_rest, country) }}
            then {{ code }} || {{ short_rest }}
        {%- endif %}
        when {{ muster.muster_phone_fits(number, country) }} then {{ code }} || {{ number }}
    end
{% endmacro %}


{% macro muster_phone_fits(number, country) %}
    {{- '(' ~ muster.muster_matches(number, muster.muster_pattern('^(' ~ country['pattern'] ~ ')$')) ~ ')' -}}
{% endmacro %}


{% macro muster_after_prefix(expression, prefix) %}
    {{- 'substr(' ~ expression ~ ', ' ~ (prefix | length + 1) ~ ')' -}}
{% endmacro %}
