-- grain: person_id, dataset, source_id
-- reads: person_records
-- params: datasets, source_ids
-- To whom records of these datasets and source ids belong now. The caller checks the pairs.
SELECT DISTINCT person_id, dataset, source_id
FROM person_records
WHERE dataset IN ($datasets) AND source_id IN ($source_ids)
ORDER BY person_id, dataset, source_id
