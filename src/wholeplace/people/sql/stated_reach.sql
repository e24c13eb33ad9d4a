-- grain: statement, person_id
-- reads: flag_reach, person_records
-- params: screen
-- Whom the reach of each flag stated on screen gives now.
SELECT DISTINCT
    flag_reach.anchor_source_id AS statement,
    person_records.person_id
FROM flag_reach
INNER JOIN person_records ON flag_reach.record_id = person_records.record_id
WHERE flag_reach.anchor_dataset = $screen
