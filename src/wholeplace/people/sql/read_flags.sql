-- grain: person_id, flag, purpose
-- reads: subject_flags
-- params: person_ids
-- Flags of some people.
SELECT person_id, flag, purpose, value, partner
FROM subject_flags
WHERE person_id IN ($person_ids)
ORDER BY person_id, flag, purpose
