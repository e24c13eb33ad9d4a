-- grain: dataset, source_id, person_id
-- reads: stated_anchors, person_records
-- Who holds a record now under each id that a flag stated on screen is anchored to.
SELECT DISTINCT
    person_records.dataset,
    person_records.source_id,
    person_records.person_id
FROM person_records
INNER JOIN stated_anchors
    ON
        person_records.dataset = stated_anchors.dataset
        AND person_records.source_id = stated_anchors.source_id
