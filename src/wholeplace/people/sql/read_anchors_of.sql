-- grain: dataset, source_id
-- reads: person_records
-- params: person_id
-- What partners call one person in their datasets.
SELECT DISTINCT dataset, source_id
FROM person_records
WHERE person_id = $person_id
ORDER BY dataset, source_id
