-- grain: dataset, source_id, person_id
-- reads: person_records
-- params: datasets, source_ids
-- Who holds a record under each of some ids of partners. The two lists go in step.
WITH anchors AS (
    SELECT
        unnest($datasets) AS dataset,
        unnest($source_ids) AS source_id
)

SELECT DISTINCT
    person_records.dataset,
    person_records.source_id,
    person_records.person_id
FROM person_records
INNER JOIN anchors
    ON
        person_records.dataset = anchors.dataset
        AND person_records.source_id = anchors.source_id
