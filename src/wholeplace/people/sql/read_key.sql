-- grain: person_id
-- reads: search_keys
-- params: key, most
-- People with one search key.
SELECT person_id
FROM search_keys
WHERE key = $key
ORDER BY person_id
LIMIT $most
