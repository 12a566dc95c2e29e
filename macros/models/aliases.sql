{% macro muster_aliases_model(aliases, relation) %}
    {#- An alias means one key: of several the smallest, by the same order on every engine. -#}
select
    alias_key,
    canonical_key
from (
    select
        alias_key,
        canonical_key,
        row_number() over (
            partition by alias_key
            order by {{ muster.muster_tie_order('canonical_key', aliases['type']) }}
        ) as muster_row
    from (
        select
            {{ muster._muster_key_of_alias(aliases['alias'], aliases['type']) }} as alias_key,
            {{ muster._muster_key_of_alias(aliases['canonical'], aliases['type']) }} as canonical_key
        from {{ relation }}
    ) as written
    where alias_key is not null
        and canonical_key is not null
        and alias_key <> canonical_key
) as numbered
where muster_row = 1
{% endmacro %}


{% macro _muster_key_of_alias(column, type) %}
    {#- An identity's table has identifiers of every kind: where keys are numbers, what is none is nobody's. -#}
    {%- if type == 'integer' -%}
        {{- muster.muster_try(muster.muster_text(muster.muster_identifier(column)), 'integer') -}}
    {%- else -%}
        {{- muster.muster_key_expression(none, column, type) -}}
    {%- endif -%}
{% endmacro %}


{% macro muster_canonical_rows(entity, relations) %}
    {%- set key = muster.muster_key_expression('entity', entity['key']['column'], entity['key']['type']) -%}
(
        select
            entity.*,
            coalesce(aliases.canonical_key, {{ key }}) as muster_key
        from {{ relations['entity'] }} as entity
        left join {{ relations['aliases'] }} as aliases
            on aliases.alias_key = {{ key }}
    ) as canonical_rows
{%- endmacro %}


{% macro muster_own_row_first(key) %}
    {#- Of an entity that has rows under several keys, its canonical key's row is the one to keep, or else that
        of the smallest alias. -#}
    {%- set own = muster.muster_key_expression(none, key['column'], key['type']) -%}
    {{- 'case when ' ~ own ~ ' = muster_key then 0 else 1 end, '
        ~ muster.muster_tie_order(own, key['type']) -}}
{% endmacro %}
