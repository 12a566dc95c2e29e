{% macro muster_sync_several(identifier, relations) %}
    {#- The values of an identifier of which a member may have several: each distinct one once, in its normal form,
        sorted, no more of them than are taken, as one text. -#}
    {%- set place = identifier['place'] %}
several_cleaned_{{ place }} as (
    select
        cleaned_members.entity_key,
        given.value as raw_value,
        {{ muster.muster_identifier_step(identifier, 'clean', 'given.value') }} as clean_value
    from cleaned_members
    inner join {{ relations['identifiers'] }} as given
        on cleaned_members.entity_key = given.entity_key
            and given.identifier = {{ muster.muster_string(identifier['source']) }}
),

several_normalised_{{ place }} as (
    select
        entity_key,
        raw_value,
        clean_value,
        {{ muster.muster_identifier_step(identifier, 'normal', 'clean_value') }} as normal_value
    from several_cleaned_{{ place }}
),

several_chosen_{{ place }} as (
    select
        entity_key,
        {{ muster.muster_identifier_sent(identifier, 'normal_value') }} as sent_value,
        row_number() over (partition by entity_key order by {{ muster.muster_tie_order('normal_value', 'string') }}) as place
    from (
        select distinct entity_key, normal_value
        from several_normalised_{{ place }}
        where normal_value is not null
    ) as distinct_values
),

several_{{ place }} as (
    select
        entity_key,
        {%- if identifier['many'] == 1 %}
        max(sent_value) as value_{{ place }}
        {%- else %}
        '[' || {{ muster.muster_joined_texts(muster.muster_sync_json_string('sent_value', muster.muster_sync_is_plain(identifier)), 'place') }} || ']' as value_{{ place }}
        {%- endif %}
    from several_chosen_{{ place }}
    where place <= {{ muster.muster_number(identifier['many']) }}
    group by entity_key
),
{%- endmacro %}
