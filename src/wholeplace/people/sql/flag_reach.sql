-- grain: anchor_dataset, anchor_source_id, flag, purpose, record_id
-- reads: records, person_records, flags, stated_anchors, flag_reach_before
-- params: screen
-- Every record that a statement of a flag has ever reached. A statement is anchored to the
-- source's own id; it reaches the records under that id, all records of the people those are
-- linked to, and all records of the people that hold a record it reached before. The table
-- only grows, so linking people differently never lets go of a record once protected. Where
-- a reached version of a record is gone, the versions now under the same source id stand in.
-- A flag stated on screen has its statement's id for a source id, and $screen for a dataset.
WITH anchors AS (
    -- A statement that lets more be seen needs no reach: losing it only makes things stricter.
    SELECT dataset, source_id, flag, purpose
    FROM flags
    WHERE value = 'unknown' OR (flag = 'consent') = (value = 'no')
),

touched AS (
    SELECT
        anchors.dataset AS anchor_dataset,
        anchors.source_id AS anchor_source_id,
        anchors.flag,
        anchors.purpose,
        records.record_id
    FROM anchors
    INNER JOIN records
        ON anchors.dataset = records.dataset AND anchors.source_id = records.source_id
    UNION
    SELECT
        $screen AS anchor_dataset,
        stated_anchors.statement AS anchor_source_id,
        stated_anchors.flag,
        stated_anchors.purpose,
        records.record_id
    FROM stated_anchors
    INNER JOIN records
        ON
            stated_anchors.dataset = records.dataset
            AND stated_anchors.source_id = records.source_id
    WHERE stated_anchors.protects = 'yes'
    UNION
    SELECT
        before.anchor_dataset,
        before.anchor_source_id,
        before.flag,
        before.purpose,
        records.record_id
    FROM flag_reach_before AS before
    INNER JOIN records ON before.record_id = records.record_id
    UNION
    SELECT
        before.anchor_dataset,
        before.anchor_source_id,
        before.flag,
        before.purpose,
        records.record_id
    FROM flag_reach_before AS before
    ANTI JOIN records AS kept ON before.record_id = kept.record_id
    INNER JOIN records
        ON
            before.record_dataset = records.dataset
            AND before.record_source_id = records.source_id
),

people AS (
    SELECT DISTINCT
        touched.anchor_dataset,
        touched.anchor_source_id,
        touched.flag,
        touched.purpose,
        person_records.person_id
    FROM touched
    INNER JOIN person_records ON touched.record_id = person_records.record_id
)

SELECT
    people.anchor_dataset,
    people.anchor_source_id,
    people.flag,
    people.purpose,
    records.record_id,
    records.dataset AS record_dataset,
    records.source_id AS record_source_id
FROM people
INNER JOIN person_records ON people.person_id = person_records.person_id
INNER JOIN records ON person_records.record_id = records.record_id
UNION
SELECT
    anchor_dataset,
    anchor_source_id,
    flag,
    purpose,
    record_id,
    record_dataset,
    record_source_id
FROM flag_reach_before
