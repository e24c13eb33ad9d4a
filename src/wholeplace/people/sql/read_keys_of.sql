-- grain: key, person_id, partner
-- reads: search_keys
-- params: person_ids
-- All search keys of some people, and who holds each.
SELECT key, person_id, partner, field
FROM search_keys
WHERE person_id IN ($person_ids)
