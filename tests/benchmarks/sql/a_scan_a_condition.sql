{# A narrow read for each condition, and no aggregate where existence is asked: how a query is tuned by hand. #}
{% set events = "{{ source('app', 'app_events') }}" %}
{% set ns = namespace(first=true) %}
{% for condition in conditions if not condition.is_existence %}
{{ 'with' if ns.first else ',' }} asked_{{ condition.number }} as (
    select user_id, {{ condition.aggregate }} as value
    from {{ events }}
    where happened_at < timestamp '{{ as_of }}' and {{ condition.rows }}
    group by user_id
)
{% set ns.first = false %}
{% endfor %}
select people.user_id
from {{ '{{' }} source('app', 'app_users') {{ '}}' }} as people
{% for condition in conditions if not condition.is_existence %}
left join asked_{{ condition.number }} on asked_{{ condition.number }}.user_id = people.user_id
{% endfor %}
where {% for condition in conditions %}
{{ '    and ' if not loop.first }}{% if condition.is_existence %}{{ 'not ' if condition.negative }}exists (
        select 1
        from {{ events }} as events
        where events.user_id = people.user_id
            and happened_at < timestamp '{{ as_of }}' and {{ condition.rows }}
    ){% else %}{{ condition.holds('asked_' ~ condition.number ~ '.value') }}{% endif %}

{% endfor %}
