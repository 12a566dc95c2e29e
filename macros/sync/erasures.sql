{% macro muster_not_erased(erasures, entity, key) %}
    {#- Whether a key was never erased. What is kept of an erased one is its hash alone. -#}
    {%- set hash = muster.muster_erased_hash(muster.muster_string(entity ~ ':'), muster.muster_text(key)) -%}
{{ hash }} not in (
    select erased.key_hash
    from {{ erasures }} as erased
    where erased.entity = {{ muster.muster_string(entity) }}
)
{%- endmacro %}


{% macro muster_erased_hash(prefix, key) %}
    {{- muster.muster_sha256(prefix ~ ' || ' ~ key) -}}
{% endmacro %}


{% macro muster_erasures() %}
    {#- The SQL name of muster_sync_erasures; empty where nobody was ever erased, which is all that models are told.
        The table is made by the first `muster erase`, so no model can name it by ref. -#}
    {%- set found = adapter.get_relation(this.database, target.schema, 'muster_sync_erasures') -%}
    {{- found if found is not none else '' -}}
{% endmacro %}


{% macro muster_sync_count_erasures(erasures, entity) %}
select count(*) as erased
from {{ erasures }} as erased
where erased.entity = {{ muster.muster_string(entity) }}
{% endmacro %}


{% macro muster_sync_note_erasure(erasures, entity, key_hash, receipt) %}
    {#- Only ever of a row that is there: it is written before anything is erased. -#}
update {{ erasures }}
set receipt = {{ muster.muster_string(receipt) }}
where entity = {{ muster.muster_string(entity) }}
    and key_hash = {{ muster.muster_string(key_hash) }}
{% endmacro %}


{% macro muster_sync_find_erasure(erasures, entity, key_hash) %}
select erased_at, receipt
from {{ erasures }} as erased
where erased.entity = {{ muster.muster_string(entity) }}
    and erased.key_hash = {{ muster.muster_string(key_hash) }}
{% endmacro %}


{% macro muster_sync_keys_of(aliases, key) %}
    {#- The aliases of a key, and where it is an alias itself, its canonical key with the aliases of that. -#}
select distinct
    {{ muster.muster_text('canonical_key') }} as canonical_text,
    {{ muster.muster_text('alias_key') }} as alias_text
from {{ aliases }}
where {{ muster.muster_text('canonical_key') }} = {{ muster.muster_string(key) }}
    or canonical_key in (
        select same.canonical_key
        from {{ aliases }} as same
        where {{ muster.muster_text('same.alias_key') }} = {{ muster.muster_string(key) }}
    )
order by 1, 2
{% endmacro %}


{% macro muster_sync_count_keys(relation, column, keys, among) %}
select count(*) as found
from {{ relation }}
where {{ muster._muster_rows_of_keys(column, keys, among) }}
{% endmacro %}


{% macro muster_sync_delete_keys(relation, column, keys, among) %}
delete from {{ relation }}
where {{ muster._muster_rows_of_keys(column, keys, among) }}
{% endmacro %}


{% macro _muster_rows_of_keys(column, keys, among) %}
{{ muster.muster_text(muster.muster_identifier(column)) }} in ({{ muster.muster_sync_strings(keys) }})
    {%- for name, values in among.items() %}
    and {{ muster.muster_identifier(name) }} in ({{ muster.muster_sync_strings(values) }})
    {%- endfor %}
{%- endmacro %}


{% macro muster_sync_columns_probe(relation, columns) %}
    {#- Fails where the table has not the columns: only the warehouse knows how it writes their names. -#}
select
    {%- for column in columns %}
    probed.{{ muster.muster_identifier(column) }}{{ ',' if not loop.last }}
    {%- endfor %}
from {{ relation }} as probed
where false
{% endmacro %}


{% macro muster_sync_holders(state, runs, key) %}
    {#- Which audiences at which destinations hold a key, or may: what a run that has not ended sent is in no state. -#}
select distinct destination, audience
from (
    select destination, audience
    from {{ state }}
    where entity_key = {{ muster.muster_string(key) }}
    union all
    select destination, audience
    from {{ runs }}
    where finished_at is null
) as holders
{% endmacro %}


{% macro muster_sync_refusals_of(rejects, run_id, key) %}
    {#- Why a destination refused, in a run, to take a key out. -#}
select reason
from {{ rejects }}
where {{ muster.muster_identifier('run_id') }} = {{ muster.muster_string(run_id) }}
    and entity_key = {{ muster.muster_string(key) }}
    and action = 'remove'
order by reason
{% endmacro %}


{% macro muster_sync_doubt_key(state, destination, audience, key) %}
    {#- What is held of a key counts as unconfirmed, so that the plan sends it again for whoever shares it. -#}
update {{ state }}
set confirmed = false
where {{ muster.muster_sync_pair(destination, audience) }}
    and entity_key = {{ muster.muster_string(key) }}
{% endmacro %}
