-- grain: person_id, key
-- reads: search_keys
-- params: person_ids
-- All search keys of some people.
SELECT person_id, key
FROM search_keys
WHERE person_id IN ($person_ids)
