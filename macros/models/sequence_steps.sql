{% macro _muster_followed(sequence, step, before, events, reach) %}
    {#- The events of a step that follow a step before it: in its reach, and with the values that it asks for. -#}
    {%- set key = muster.muster_identifier(sequence['key']['name']) -%}
    {%- set earlier = step.get('earlier', []) -%}
    {%- if step.get('pairs', false) %}
    select distinct
        events.{{ key }},
        events.muster_at
        {%- for name in step.get('keeps', []) %},
        {{ muster.muster_column('earlier' if name in earlier else 'events', name) }}
        {%- endfor %}
    from (
        select {{ key }}, muster_at{{ muster._muster_and(earlier) }}, {{ reach }} as muster_reach
        from {{ before }}
    ) as earlier
    inner join {{ events }} as events
        on {{ muster._muster_pair(key, step, sequence['timezone']) }}
        and events.muster_at <= earlier.muster_reach
    {%- else -%}
        {%- set equal = {} -%}
        {%- for match in step.get('match', []) -%}
            {%- do equal.update({match['earlier']: match['own']}) -%}
        {%- endfor -%}
        {%- set own = step.get('values', []) | map(attribute='name') | list -%}
        {%- set matched = step.get('match', []) | map(attribute='own') | list %}
    select {{ key }}, muster_at
        {%- for name in step.get('keeps', []) -%}
        , {{ muster.muster_identifier(equal.get(name, name)) }} as {{ muster.muster_identifier(name) }}
        {%- endfor %}
    from (
        select {{ key }}, muster_at{{ muster._muster_and(own) }}, muster_turn,
            max(muster_reach) over (
                partition by {{ key }}{{ muster._muster_and(matched) }}
                order by muster_at, muster_turn
                rows between unbounded preceding and current row
            ) as muster_reach
        from (
            {#- At one time, the events come before the steps, for none follows a step of its own time. #}
            select {{ key }}, muster_at{{ muster._muster_and(own) }}, {{ muster.muster_cast('null', 'timestamp') }} as muster_reach, 0 as muster_turn
            from {{ events }}
            {{- muster._muster_where_set(matched) }}
            union all
            select {{ key }}, muster_at{{ muster._muster_in_place_of(own, step) }}, {{ reach }}, 1
            from {{ before }}
        ) as moments
    ) as reached
    where muster_turn = 0 and muster_at <= muster_reach
    {%- endif -%}
{%- endmacro %}


{% macro _muster_until_forbidden(sequence, step, before, events) %}
    {#- The steps before, each with the first event after it that may not happen, if there is one. Steps of one time
        that are compared by other values are not one, even where no later step asks for the values. -#}
    {%- set key = muster.muster_identifier(sequence['key']['name']) -%}
    {%- set keeps = step.get('keeps', []) -%}
    {%- if step.get('pairs', false) %}
    select earlier.{{ key }}, earlier.muster_at
        {%- for name in keeps -%}
        , {{ muster.muster_column('earlier', name) }}
        {%- endfor -%}
        , min(events.muster_at) as muster_forbidden_at
    from {{ before }} as earlier
    left join {{ events }} as events
        on {{ muster._muster_pair(key, step, sequence['timezone']) }}
    group by earlier.{{ key }}, earlier.muster_at
        {%- for name in step['earlier'] -%}
        , {{ muster.muster_column('earlier', name) }}
        {%- endfor %}
    {%- else -%}
        {%- set own = step.get('match', []) | map(attribute='own') | list %}
    select {{ key }}, muster_at{{ muster._muster_and(keeps) }}, muster_forbidden_at
    from (
        select {{ key }}, muster_at{{ muster._muster_and(keeps) }}, muster_turn,
            min(case when muster_turn = 1 then muster_at end) over (
                partition by {{ key }}{{ muster._muster_and(own) }}
                order by muster_at desc, muster_turn
                rows between unbounded preceding and current row
            ) as muster_forbidden_at
        from (
            {#- From the last to the first. At one time, the steps come before the events, which are not after them. #}
            select {{ key }}, muster_at{{ muster._muster_and(keeps) }}{{ muster._muster_in_place_of(own, step, true) }}, 0 as muster_turn
            from {{ before }}
            union all
            select {{ key }}, muster_at
                {%- for name in keeps -%}
                , null
                {%- endfor -%}
                {{ muster._muster_and(own) }}, 1
            from {{ events }}
            {{- muster._muster_where_set(own) }}
        ) as moments
    ) as looked_ahead
    where muster_turn = 0
    {%- endif -%}
{%- endmacro %}


{% macro _muster_pair(key, step, timezone) %}
    {#- What an event and an earlier step must have in common, and how they compare. -#}
    {%- set conditions = ['events.' ~ key ~ ' = earlier.' ~ key, 'events.muster_at > earlier.muster_at'] -%}
    {%- for match in step.get('match', []) -%}
        {%- do conditions.append(muster.muster_column('events', match['own']) ~ ' = ' ~ muster.muster_column('earlier', match['earlier'])) -%}
    {%- endfor -%}
    {%- if step.get('compare') is not none -%}
        {%- do conditions.append(muster.muster_condition(step['compare'], timezone)) -%}
    {%- endif -%}
    {{- conditions | join('\n        and ') -}}
{% endmacro %}


{% macro _muster_and(names) %}
    {%- for name in names -%}
        {{- ', ' ~ muster.muster_identifier(name) -}}
    {%- endfor -%}
{% endmacro %}


{% macro _muster_in_place_of(own, step, named=false) %}
    {#- For each value of an event, the value of an earlier step that it must equal; null where there is none. -#}
    {%- for name in own -%}
        {%- set found = namespace(value='null') -%}
        {%- for match in step.get('match', []) if match['own'] == name -%}
            {%- set found.value = muster.muster_identifier(match['earlier']) -%}
        {%- endfor -%}
        {{- ', ' ~ found.value ~ (' as ' ~ muster.muster_identifier(name) if named else '') -}}
    {%- endfor -%}
{% endmacro %}


{% macro _muster_where_set(names) %}
    {#- A missing value equals nothing, while a window would put it together with the missing values of others. -#}
    {%- for name in names %}
            {{ 'where ' if loop.first else 'and ' }}{{ muster.muster_identifier(name) }} is not null
    {%- endfor -%}
{% endmacro %}
