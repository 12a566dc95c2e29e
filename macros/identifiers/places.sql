{% macro muster_rule_city(step, text, country) %}
    {#- Meta's: lower case, nothing but ASCII's letters and digits; an accented letter goes, and is not spelt another way. -#}
    {%- if step == 'clean' -%}
        {{- muster.muster_regex_replace('lower(' ~ text ~ ')', '[^a-z0-9]+', '') -}}
    {%- else -%}
        {{- muster.muster_rule_name(step, text, country) -}}
    {%- endif -%}
{% endmacro %}


{% macro muster_rule_state(step, text, country) %}
    {#- Meta's: the two letters of a state of the US or a province of Canada; elsewhere the name as names are written. -#}
    {%- if step == 'normal' -%}
    case
        when length({{ text }}) <= 2 then nullif({{ text }}, '')
        {%- for state in muster.muster_states_by_name() %}
        when {{ text }} = '{{ state[0] }}' then '{{ state[1] }}'
        {%- endfor %}
        else {{ text }}
    end
    {%- else -%}
        {{- muster.muster_rule_name(step, text, country) -}}
    {%- endif -%}
{% endmacro %}


{% macro muster_states_by_name() %}
    {#- The postal codes of the US (USPS, with the territories) and of Canada, by their names as `name` writes them. -#}
    {{- return([
        ['alabama', 'al'], ['alaska', 'ak'], ['arizona', 'az'], ['arkansas', 'ar'], ['california', 'ca'],
        ['colorado', 'co'], ['connecticut', 'ct'], ['delaware', 'de'], ['districtofcolumbia', 'dc'],
        ['florida', 'fl'], ['georgia', 'ga'], ['hawaii', 'hi'], ['idaho', 'id'], ['illinois', 'il'],
        ['indiana', 'in'], ['iowa', 'ia'], ['kansas', 'ks'], ['kentucky', 'ky'], ['louisiana', 'la'],
        ['maine', 'me'], ['maryland', 'md'], ['massachusetts', 'ma'], ['michigan', 'mi'], ['minnesota', 'mn'],
        ['mississippi', 'ms'], ['missouri', 'mo'], ['montana', 'mt'], ['nebraska', 'ne'], ['nevada', 'nv'],
        ['newhampshire', 'nh'], ['newjersey', 'nj'], ['newmexico', 'nm'], ['newyork', 'ny'], ['northcarolina', 'nc'],
        ['northdakota', 'nd'], ['ohio', 'oh'], ['oklahoma', 'ok'], ['oregon', 'or'], ['pennsylvania', 'pa'],
        ['rhodeisland', 'ri'], ['southcarolina', 'sc'], ['southdakota', 'sd'], ['tennessee', 'tn'], ['texas', 'tx'],
        ['utah', 'ut'], ['vermont', 'vt'], ['virginia', 'va'], ['washington', 'wa'], ['westvirginia', 'wv'],
        ['wisconsin', 'wi'], ['wyoming', 'wy'], ['puertorico', 'pr'], ['guam', 'gu'], ['americansamoa', 'as'],
        ['usvirginislands', 'vi'], ['northernmarianaislands', 'mp'], ['alberta', 'ab'], ['britishcolumbia', 'bc'],
        ['manitoba', 'mb'], ['newbrunswick', 'nb'], ['newfoundlandandlabrador', 'nl'], ['novascotia', 'ns'],
        ['northwestterritories', 'nt'], ['nunavut', 'nu'], ['ontario', 'on'], ['princeedwardisland', 'pe'],
        ['quebec', 'qc'], ['québec', 'qc'], ['saskatchewan', 'sk'], ['yukon', 'yt'],
    ]) -}}
{% endmacro %}


{% macro muster_rule_postcode(step, text, country) %}
    {#- Meta's: lower case, no white space, and what stands before a dash; of nine digits, which are a ZIP code with
        its extension, the first five. -#}
    {%- if step == 'clean' -%}
        {{- muster.muster_regex_replace(muster.muster_without_white_space('lower(' ~ text ~ ')'), '-[^\\n]*$', '') -}}
    {%- elif step == 'normal' -%}
        {{- 'case when ' ~ muster.muster_matches(text, muster.muster_pattern('^[0-9]{9}$')) ~ ' then substr(' ~ text ~ ', 1, 5) else nullif('
            ~ text ~ ", '') end" -}}
    {%- else -%}
        {{- "'not_a_postcode'" -}}
    {%- endif -%}
{% endmacro %}


{% macro muster_rule_postcode_trimmed(step, text, country) %}
    {%- if step == 'clean' -%}
        {{- muster.muster_trim_white_space(text) -}}
    {%- elif step == 'normal' -%}
        {{- 'nullif(' ~ text ~ ", '')" -}}
    {%- else -%}
        {{- "'not_a_postcode'" -}}
    {%- endif -%}
{% endmacro %}


{% macro muster_rule_country(step, text, country) %}
    {#- Two letters of ISO 3166-1, in lower case. The European Union's own UK and EL are taken for GB and GR. -#}
    {%- if step == 'clean' -%}
        {{- 'lower(' ~ muster.muster_trim_white_space(text) ~ ')' -}}
    {%- elif step == 'normal' -%}
        {{- 'case when ' ~ text ~ " = 'uk' then 'gb' when " ~ text ~ " = 'el' then 'gr' when " ~ text ~ ' in (' ~ muster.muster_country_codes() ~ ') then ' ~ text ~ ' end' -}}
    {%- else -%}
        {{- "'not_a_country'" -}}
    {%- endif -%}
{% endmacro %}


{% macro muster_rule_country_upper(step, text, country) %}
    {%- if step == 'normal' -%}
        {{- 'upper(' ~ muster.muster_rule_country(step, text, country) ~ ')' -}}
    {%- else -%}
        {{- muster.muster_rule_country(step, text, country) -}}
    {%- endif -%}
{% endmacro %}


{% macro muster_country_codes() %}
    {#- ISO 3166-1 alpha-2, the officially assigned codes, as texts of SQL. -#}
    {%- set codes = [
        'ad', 'ae', 'af', 'ag', 'ai', 'al', 'am', 'ao', 'aq', 'ar', 'as', 'at', 'au', 'aw', 'ax', 'az', 'ba', 'bb', 'bd', 'be',
        'bf', 'bg', 'bh', 'bi', 'bj', 'bl', 'bm', 'bn', 'bo', 'bq', 'br', 'bs', 'bt', 'bv', 'bw', 'by', 'bz', 'ca', 'cc', 'cd',
        'cf', 'cg', 'ch', 'ci', 'ck', 'cl', 'cm', 'cn', 'co', 'cr', 'cu', 'cv', 'cw', 'cx', 'cy', 'cz', 'de', 'dj', 'dk', 'dm',
        'do', 'dz', 'ec', 'ee', 'eg', 'eh', 'er', 'es', 'et', 'fi', 'fj', 'fk', 'fm', 'fo', 'fr', 'ga', 'gb', 'gd', 'ge', 'gf',
        'gg', 'gh', 'gi', 'gl', 'gm', 'gn', 'gp', 'gq', 'gr', 'gs', 'gt', 'gu', 'gw', 'gy', 'hk', 'hm', 'hn', 'hr', 'ht', 'hu',
        'id', 'ie', 'il', 'im', 'in', 'io', 'iq', 'ir', 'is', 'it', 'je', 'jm', 'jo', 'jp', 'ke', 'kg', 'kh', 'ki', 'km', 'kn',
        'kp', 'kr', 'kw', 'ky', 'kz', 'la', 'lb', 'lc', 'li', 'lk', 'lr', 'ls', 'lt', 'lu', 'lv', 'ly', 'ma', 'mc', 'md', 'me',
        'mf', 'mg', 'mh', 'mk', 'ml', 'mm', 'mn', 'mo', 'mp', 'mq', 'mr', 'ms', 'mt', 'mu', 'mv', 'mw', 'mx', 'my', 'mz', 'na',
        'nc', 'ne', 'nf', 'ng', 'ni', 'nl', 'no', 'np', 'nr', 'nu', 'nz', 'om', 'pa', 'pe', 'pf', 'pg', 'ph', 'pk', 'pl', 'pm',
        'pn', 'pr', 'ps', 'pt', 'pw', 'py', 'qa', 're', 'ro', 'rs', 'ru', 'rw', 'sa', 'sb', 'sc', 'sd', 'se', 'sg', 'sh', 'si',
        'sj', 'sk', 'sl', 'sm', 'sn', 'so', 'sr', 'ss', 'st', 'sv', 'sx', 'sy', 'sz', 'tc', 'td', 'tf', 'tg', 'th', 'tj', 'tk',
        'tl', 'tm', 'tn', 'to', 'tr', 'tt', 'tv', 'tw', 'tz', 'ua', 'ug', 'um', 'us', 'uy', 'uz', 'va', 'vc', 've', 'vg', 'vi',
        'vn', 'vu', 'wf', 'ws', 'ye', 'yt', 'za', 'zm', 'zw',
    ] -%}
    {{- "'" ~ codes | join("', '") ~ "'" -}}
{% endmacro %}
