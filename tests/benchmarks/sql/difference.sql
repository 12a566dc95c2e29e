select count(*)
from {{ table }} as found
full outer join (select * from plan where action = '{{ action }}') as planned
    on planned.entity_key = found.entity_key and planned.identifiers = found.identifiers
where found.entity_key is null or planned.entity_key is null
