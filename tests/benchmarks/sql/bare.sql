select user_id
from {{ '{{' }} source('app', 'app_users') {{ '}}' }}
where country = 'GB'
