{# One read of the events, with an aggregate for each condition: how most such queries are written. #}
with asked as (
    select
        user_id
        {% for condition in conditions %},
        {{ condition.aggregate_where }} as value_{{ loop.index }}
        {% endfor %}
    from {{ '{{' }} source('app', 'app_events') {{ '}}' }}
    where happened_at < timestamp '{{ as_of }}'
        and event_name in ({{ names | join(', ') }})
        {% if start %}
        and {{ start }}
        {% endif %}
    group by user_id
)

select people.user_id
from {{ '{{' }} source('app', 'app_users') {{ '}}' }} as people
left join asked on asked.user_id = people.user_id
where {% for condition in conditions %}
{{ '    and ' if not loop.first }}{{ condition.holds('asked.value_' ~ loop.index) }}
{% endfor %}
