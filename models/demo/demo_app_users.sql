{# Made up, all of it: the retailer's data knows no app. It stands here because "installed in the last 72 hours, and fewer
   than three sessions" is the audience that most often goes wrong elsewhere: whoever has no session at all belongs. #}
with

final as (
    select
        app_user_id,
        cast(installed_at as timestamp) as installed_at,
        platform,
        accepts_push,
    from (
        values
            ('ada', '2011-11-22 00:00:00', 'ios', true),
            ('ben', '2011-11-23 09:10:00', 'android', true),
            ('cleo', '2011-11-23 17:45:00', 'ios', true),
            ('dev', '2011-11-24 20:00:00', 'android', true),
            ('eve', '2011-11-21 23:59:59', 'ios', true),
            ('finn', '2011-11-10 12:00:00', 'android', false),
            ('gus', '2011-11-30 08:00:00', 'ios', true),
            ('hana', '2011-12-01 07:30:00', 'android', true),
            ('ivo', '2011-12-01 12:00:00', 'ios', true),
            ('jun', '2011-11-25 00:00:00', 'android', true)
    ) as made_up (app_user_id, installed_at, platform, accepts_push)
)

select * from final
