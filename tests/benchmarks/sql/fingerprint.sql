select count(*), coalesce(sum(hash(user_id) // 4294967296), 0) from {{ audience }}
