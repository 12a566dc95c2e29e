{# Made up, like demo_app_users. #}
with

final as (
    select
        event_id,
        app_user_id,
        event_name,
        cast(happened_at as timestamp) as happened_at,
        screen,
    from (
        values
            (1, 'ben', 'session', '2011-11-23 09:11:00', 'home'),
            (2, 'ben', 'session', '2011-11-24 08:02:00', 'home'),
            (3, 'ben', 'search', '2011-11-24 08:03:00', 'search'),
            (4, 'cleo', 'session', '2011-11-23 17:46:00', 'home'),
            (5, 'cleo', 'session', '2011-11-24 07:20:00', 'home'),
            (6, 'cleo', 'session', '2011-11-24 21:15:00', 'offers'),
            (7, 'dev', 'session', '2011-11-24 20:01:00', 'home'),
            (8, 'dev', 'session', '2011-11-24 22:30:00', 'offers'),
            (9, 'dev', 'session', '2011-11-25 00:00:00', 'home'),
            (10, 'eve', 'session', '2011-11-22 00:01:00', 'home'),
            (11, 'hana', 'session', '2011-12-01 07:31:00', 'home'),
            (12, 'hana', 'session', '2011-12-01 12:40:00', 'offers'),
            (13, 'hana', 'session', '2011-12-01 18:05:00', 'offers'),
            (14, 'hana', 'session', '2011-12-01 21:50:00', 'home'),
            (15, 'ivo', 'session', '2011-12-01 12:01:00', 'home')
    ) as made_up (event_id, app_user_id, event_name, happened_at, screen)
)

select * from final
