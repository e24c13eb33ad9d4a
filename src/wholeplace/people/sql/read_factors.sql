-- grain: person_id
-- reads: person_factors
-- params: person_ids
-- How many factors are known in the households of some people.
SELECT person_id, factors
FROM person_factors
WHERE person_id IN ($person_ids)
ORDER BY person_id
