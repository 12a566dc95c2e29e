{% macro muster_identifier_rule(rule, step, text, country) %}
    {#- A rule has three steps, so that what one works out is written and computed once in the next: `clean` takes a
        raw text apart, `normal` makes the normal form of that or null, and `reason` says why there is none. -#}
    {%- set rules = {
        'email': muster.muster_rule_email,
        'email_google': muster.muster_rule_email_google,
        'email_dotless': muster.muster_rule_email_dotless,
        'email_nospace': muster.muster_rule_email_nospace,
        'phone': muster.muster_rule_phone,
        'phone_digits': muster.muster_rule_phone_digits,
        'name': muster.muster_rule_name,
        'name_trimmed': muster.muster_rule_name_trimmed,
        'initial': muster.muster_rule_initial,
        'city': muster.muster_rule_city,
        'state': muster.muster_rule_state,
        'postcode': muster.muster_rule_postcode,
        'postcode_trimmed': muster.muster_rule_postcode_trimmed,
        'country': muster.muster_rule_country,
        'country_upper': muster.muster_rule_country_upper,
        'gender': muster.muster_rule_gender,
        'date': muster.muster_rule_date,
        'birth_year': muster.muster_rule_birth_year,
        'birth_month': muster.muster_rule_birth_month,
        'birth_day': muster.muster_rule_birth_day,
        'maid': muster.muster_rule_maid,
        'text': muster.muster_rule_text,
        'id_trimless': muster.muster_rule_id_trimless,
        'sha256': muster.muster_rule_sha256,
    } -%}
    {%- if rule not in rules -%}
        {{ exceptions.raise_compiler_error("There is no rule '" ~ rule ~ "' for identifiers; there are: " ~ rules | join(', ')) }}
    {%- endif -%}
    {{- rules[rule](step, text, country) -}}
{% endmacro %}


{% macro muster_identifier_step(identifier, step, text) %}
    {#- What is declared as hashed goes by one rule of its own, whatever the destination would make of a clear text. -#}
    {%- set rule = 'sha256' if identifier['hashed'] else identifier['rule'] -%}
    {{- muster.muster_identifier_rule(rule, step, text, identifier['country']) -}}
{% endmacro %}


{% macro muster_identifier_refusal(identifier, raw, clean, normal) %}
    {#- Why a text has no normal form, as a code; null where it has one, and where there is no text. -#}
    case
        when {{ raw }} is null or {{ normal }} is not null then null
        when {{ muster.muster_trim_white_space(raw) }} = '' then 'empty'
        else {{ muster.muster_identifier_step(identifier, 'reason', clean) }}
    end
{%- endmacro %}


{% macro muster_identifier_sent(identifier, normal) %}
    {#- The form that the destination takes. -#}
    {%- if identifier['hash'] and not identifier['hashed'] -%}
        {{- muster.muster_sha256(normal) -}}
    {%- else -%}
        {{- normal -}}
    {%- endif -%}
{% endmacro %}


{% macro muster_white_space() %}
    {#- The characters themselves, as they stand in a list of a pattern: what a warehouse calls white space may go by a
        language. Unicode's, with the control characters, which no platform reads either, and the two invisible ones
        that get copied along. -#}
    {%- set controls = '\u0001-\u001f\u007f\u0080\u0081\u0082\u0083\u0084\u0085\u0086\u0087\u0088\u0089\u008a\u008b\u008c\u008d\u008e'
        ~ '\u008f\u0090\u0091\u0092\u0093\u0094\u0095\u0096\u0097\u0098\u0099\u009a\u009b\u009c\u009d\u009e\u009f' -%}
    {{- ' ' ~ controls
        ~ '\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u200b\u2028\u2029\u202f\u205f\u3000\ufeff' -}}
{% endmacro %}


{% macro muster_trim_white_space(text) %}
    {%- set some = '[' ~ muster.muster_white_space() ~ ']+' -%}
    {{- muster.muster_regex_replace(text, '^' ~ some ~ '|' ~ some ~ '$', '') -}}
{% endmacro %}


{% macro muster_without_white_space(text) %}
    {{- muster.muster_regex_replace(text, '[' ~ muster.muster_white_space() ~ ']+', '') -}}
{% endmacro %}
