-- grain: person_id, flag, purpose, origin, partner
-- reads: person_records, flags, flag_reach, flag_sources, stated_flags
-- params: screen
-- units: value is yes, no or unknown; partner is who set it; origin is extract or screen
-- What holds for each person: the strictest of every statement that reaches them. For
-- consent, no is strictest; for every other flag, yes. A statement that lets more be seen
-- counts only while its extract is fresh; where an authoritative list does not name the
-- person, a fresh list says no and a stale one says unknown. A list that is not authoritative
-- and leaves the flag blank says nothing that a fresh authoritative one does not know better.
-- Every partner that seals is named, for each is alerted. What people stated on screen stands
-- beside, worked out by `agreements.statements`; pages read that anew at every sight.
WITH current_statement AS (
    SELECT
        flags.dataset,
        flags.source_id,
        flags.flag,
        flags.purpose,
        flags.partner,
        CASE
            WHEN (flags.flag = 'consent') = (flags.value = 'no') THEN flags.value
            WHEN coalesce(flag_sources.is_fresh, false) THEN flags.value
            ELSE 'unknown'
        END AS value
    FROM flags
    LEFT JOIN flag_sources
        ON
            flags.dataset = flag_sources.dataset
            AND flags.flag = flag_sources.flag
            AND flags.purpose = flag_sources.purpose
),

direct AS (
    SELECT DISTINCT
        person_records.person_id,
        person_records.dataset,
        person_records.source_id,
        current_statement.flag,
        current_statement.purpose
    FROM person_records
    INNER JOIN current_statement
        ON
            person_records.dataset = current_statement.dataset
            AND person_records.source_id = current_statement.source_id
),

reached AS (
    SELECT DISTINCT
        person_records.person_id,
        flag_reach.anchor_dataset AS dataset,
        flag_reach.anchor_source_id AS source_id,
        flag_reach.flag,
        flag_reach.purpose
    FROM flag_reach
    INNER JOIN person_records ON flag_reach.record_id = person_records.record_id
    WHERE flag_reach.anchor_dataset <> $screen
),

anchored AS (
    SELECT * FROM direct
    UNION
    SELECT * FROM reached
),

stated AS (
    SELECT
        anchored.person_id,
        anchored.dataset,
        anchored.flag,
        anchored.purpose,
        coalesce(current_statement.partner, flag_sources.partner, '') AS partner,
        -- A statement that reached someone and is no longer made is as good as an absence.
        CASE
            WHEN current_statement.value IS NOT null THEN current_statement.value
            WHEN flag_sources.is_authoritative AND flag_sources.is_fresh THEN 'no'
            ELSE 'unknown'
        END AS value,
        coalesce(
            current_statement.value = 'unknown' AND NOT flag_sources.is_authoritative, false
        ) AS gives_way
    FROM anchored
    LEFT JOIN current_statement
        ON
            anchored.dataset = current_statement.dataset
            AND anchored.source_id = current_statement.source_id
            AND anchored.flag = current_statement.flag
            AND anchored.purpose = current_statement.purpose
    LEFT JOIN flag_sources
        ON
            anchored.dataset = flag_sources.dataset
            AND anchored.flag = flag_sources.flag
            AND anchored.purpose = flag_sources.purpose
),

absent AS (
    SELECT
        people.person_id,
        flag_sources.dataset,
        flag_sources.flag,
        flag_sources.purpose,
        flag_sources.partner,
        CASE WHEN flag_sources.is_fresh THEN 'no' ELSE 'unknown' END AS value,
        false AS gives_way
    FROM (SELECT DISTINCT person_id FROM person_records) AS people
    CROSS JOIN flag_sources
    ANTI JOIN stated
        ON
            people.person_id = stated.person_id
            AND flag_sources.dataset = stated.dataset
            AND flag_sources.flag = stated.flag
            AND flag_sources.purpose = stated.purpose
    WHERE flag_sources.is_authoritative
),

authorities AS (
    SELECT DISTINCT flag, purpose
    FROM flag_sources
    WHERE is_authoritative AND is_fresh
),

ranked AS (
    SELECT
        *,
        CASE
            WHEN value = 'unknown' THEN 1
            WHEN (flag = 'consent') = (value = 'no') THEN 2
            ELSE 0
        END AS strictness
    FROM (SELECT * FROM stated UNION ALL SELECT * FROM absent)
),

heard AS (
    SELECT ranked.*
    FROM ranked
    LEFT JOIN authorities
        ON ranked.flag = authorities.flag AND ranked.purpose = authorities.purpose
    WHERE NOT ranked.gives_way OR authorities.flag IS null
    QUALIFY
        ranked.strictness > 0
        OR max(ranked.strictness)
            OVER (PARTITION BY ranked.person_id, ranked.flag, ranked.purpose)
        = 0
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
        ORDER BY strictness DESC, partner ASC, dataset ASC
    ) = 1
)

SELECT person_id, flag, purpose, value, partner, 'extract' AS origin
FROM extracted
UNION ALL
SELECT person_id, flag, purpose, value, partner, 'screen' AS origin
FROM stated_flags
