{% macro muster_rule_email(step, text, country) %}
    {#- Lower case without white space at the ends: Meta, TikTok, Snapchat, Microsoft, and where it is sent in clear. -#}
    {%- if step == 'clean' -%}
        {{- 'lower(' ~ muster.muster_trim_white_space(text) ~ ')' -}}
    {%- elif step == 'normal' -%}
        {{- 'case when ' ~ muster.muster_usable_email(text) ~ ' then ' ~ text ~ ' end' -}}
    {%- else -%}
        {{- "'not_an_email'" -}}
    {%- endif -%}
{% endmacro %}


{% macro muster_rule_email_nospace(step, text, country) %}
    {%- if step == 'clean' -%}
        {{- 'lower(' ~ muster.muster_without_white_space(text) ~ ')' -}}
    {%- else -%}
        {{- muster.muster_rule_email(step, text, country) -}}
    {%- endif -%}
{% endmacro %}


{% macro muster_rule_email_google(step, text, country) %}
    {#- Dots and what follows a plus sign mean nothing to Gmail, under both of its names; others read them. -#}
    {%- if step == 'normal' -%}
        {%- set gmail = (
            muster.muster_ends_with(text, muster.muster_string('@gmail.com')) ~ ' or '
            ~ muster.muster_ends_with(text, muster.muster_string('@googlemail.com'))
        ) -%}
        {%- set mailbox = 'case when ' ~ gmail ~ ' then ' ~ muster.muster_email_mailbox(text) ~ ' else ' ~ text ~ ' end' -%}
        {{- 'case when ' ~ muster.muster_usable_email(text) ~ " and not " ~ muster.muster_no_mailbox(text) ~ ' then ' ~ mailbox ~ ' end' -}}
    {%- else -%}
        {{- muster.muster_rule_email_nospace(step, text, country) -}}
    {%- endif -%}
{% endmacro %}


{% macro muster_rule_email_dotless(step, text, country) %}
    {#- Reddit takes dots and what follows a plus sign out of every address. -#}
    {%- if step == 'normal' -%}
        {{- 'case when ' ~ muster.muster_usable_email(text) ~ ' and not ' ~ muster.muster_no_mailbox(text)
            ~ ' then ' ~ muster.muster_email_mailbox(text) ~ ' end' -}}
    {%- else -%}
        {{- muster.muster_rule_email(step, text, country) -}}
    {%- endif -%}
{% endmacro %}


{% macro muster_usable_email(text) %}
    {#- One @, no white space, and a dot in the domain: what every platform asks for at the least. -#}
    {%- set part = '[^@' ~ muster.muster_white_space() ~ ']+' -%}
    {{- '(' ~ muster.muster_matches(text, muster.muster_pattern('^' ~ part ~ '@' ~ part ~ '[.]' ~ part ~ '$')) ~ ')' -}}
{% endmacro %}


{% macro muster_email_mailbox(text) %}
    {#- An address without the dots of its local part, and without a plus sign and what follows it there. -#}
    {%- set local = muster.muster_regex_replace(text, '([+][^@]*)?@[^@]*$', '') -%}
    {%- set domain = muster.muster_regex_replace(text, '^[^@]*', '') -%}
    {{- 'replace(' ~ local ~ ", '.', '') || " ~ domain -}}
{% endmacro %}


{% macro muster_no_mailbox(text) %}
    {#- Whether nothing but dots stands before the plus sign or the @. -#}
    {{- '(' ~ muster.muster_matches(text, muster.muster_pattern('^[.]*[+@]')) ~ ')' -}}
{% endmacro %}
