-- grain: person_id
-- reads: search_keys
-- params: key, partners, most
-- People with one search key, as some partners hold it.
SELECT DISTINCT person_id
FROM search_keys
WHERE key = $key AND partner IN ($partners)
ORDER BY person_id
LIMIT $most
