{% macro muster_aliases_model(aliases, relation) %}
    {#- An alias means one key: of several the smallest, by the same order on every engine. -#}
    {%- set alias = muster.muster_key_expression(none, aliases['alias'], aliases['type']) -%}
    {%- set canonical = muster.muster_key_expression(none, aliases['canonical'], aliases['type']) -%}
select
    alias_key,
    canonical_key
from (
    select
        {{ alias }} as alias_key,
        {{ canonical }} as canonical_key,
        row_number() over (
            partition by {{ alias }}
            order by {{ muster.muster_tie_order(canonical, aliases['type']) }}
        ) as muster_row
    from {{ relation }}
    where {{ alias }} is not null
        and {{ canonical }} is not null
        and {{ alias }} <> {{ canonical }}
) as numbered
where muster_row = 1
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
