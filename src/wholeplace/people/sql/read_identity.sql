-- grain: person_id, partner, dataset, field, value
-- reads: person_identity
-- params: person_ids
-- Everything held about who some people are, newest first.
SELECT person_id, partner, dataset, field, value, seen_from, seen_to
FROM person_identity
WHERE person_id IN ($person_ids)
ORDER BY person_id, field, seen_to DESC NULLS LAST, partner, dataset, value
