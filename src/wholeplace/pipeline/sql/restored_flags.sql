-- grain: person_id, flag, purpose, origin, partner
-- reads: person_records, subject_flags, newer_records, newer_flags, flags, all_reach, stated_flags
-- params: screen
-- units: value is yes, no or unknown
-- Flags of a snapshot that is published again: the strictest of what it held, what has since
-- been stated about anyone of the same source ids, and for a source id that has gone since, what
-- reaches it by today's statements and every reach there has ever been. Source ids are what
-- statements are anchored to: a record's own id changes when less is kept of who it is. So going
-- back unseals nobody. What was stated on screen is taken as it stands today.
WITH sources AS (
    SELECT DISTINCT person_id, dataset, source_id
    FROM person_records
),

newer_sources AS (
    SELECT DISTINCT person_id, dataset, source_id
    FROM newer_records
),

gone AS (
    SELECT sources.*
    FROM sources
    ANTI JOIN newer_sources
        ON sources.dataset = newer_sources.dataset AND sources.source_id = newer_sources.source_id
),

reached AS (
    SELECT
        dataset AS anchor_dataset,
        source_id AS anchor_source_id,
        flag,
        purpose,
        dataset,
        source_id
    FROM flags
    UNION
    SELECT
        anchor_dataset,
        anchor_source_id,
        flag,
        purpose,
        record_dataset AS dataset,
        record_source_id AS source_id
    FROM all_reach
    WHERE anchor_dataset <> $screen
),

candidates AS (
    SELECT person_id, flag, purpose, value, partner FROM subject_flags
    WHERE origin = 'extract'
    UNION ALL
    SELECT
        sources.person_id,
        newer_flags.flag,
        newer_flags.purpose,
        newer_flags.value,
        newer_flags.partner
    FROM newer_flags
    INNER JOIN newer_sources ON newer_flags.person_id = newer_sources.person_id
    INNER JOIN sources
        ON newer_sources.dataset = sources.dataset AND newer_sources.source_id = sources.source_id
    WHERE newer_flags.origin = 'extract'
    UNION ALL
    -- Where a statement that once reached them is no longer made, nothing is known.
    SELECT
        gone.person_id,
        reached.flag,
        reached.purpose,
        coalesce(flags.value, 'unknown') AS value,
        coalesce(flags.partner, '') AS partner
    FROM reached
    INNER JOIN gone ON reached.dataset = gone.dataset AND reached.source_id = gone.source_id
    LEFT JOIN flags
        ON
            reached.anchor_dataset = flags.dataset
            AND reached.anchor_source_id = flags.source_id
            AND reached.flag = flags.flag
            AND reached.purpose = flags.purpose
),

ranked AS (
    SELECT
        *,
        CASE
            WHEN value = 'unknown' THEN 1
            WHEN (flag = 'consent') = (value = 'no') THEN 2
            ELSE 0
        END AS strictness
    FROM candidates
),

heard AS (
    SELECT *
    FROM ranked
    QUALIFY
        strictness > 0
        OR max(strictness) OVER (PARTITION BY person_id, flag, purpose) = 0
),

extracted AS (
    SELECT person_id, flag, purpose, value, partner
    FROM heard
    QUALIFY row_number() OVER (
        PARTITION BY
            person_id,
            flag,
            purpose,
            CASE WHEN flag = 'sealed' AND strictness > 0 THEN partner END
        ORDER BY strictness DESC, partner ASC
    ) = 1
)

SELECT person_id, flag, purpose, value, partner, 'extract' AS origin
FROM extracted
UNION ALL
SELECT person_id, flag, purpose, value, partner, 'screen' AS origin
FROM stated_flags
