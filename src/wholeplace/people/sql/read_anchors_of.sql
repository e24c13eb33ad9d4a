-- grain: dataset, source_id
-- reads: person_records
-- params: person_id
-- Every partner's ids of one person.
SELECT DISTINCT dataset, partner, source_id
FROM person_records
WHERE person_id = $person_id
ORDER BY dataset, source_id
