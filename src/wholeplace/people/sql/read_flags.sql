-- grain: person_id, flag, purpose, origin, partner
-- reads: subject_flags
-- params: person_ids, origins
-- Flags of some people, from extracts, from screens or from both.
SELECT person_id, flag, purpose, value, partner, origin
FROM subject_flags
WHERE person_id IN ($person_ids) AND origin IN ($origins)
ORDER BY person_id, flag, purpose, origin, partner
