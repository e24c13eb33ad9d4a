-- grain: person_id, flag, purpose
-- reads: person_records, subject_flags, newer_person_records, newer_flags
-- units: value is yes, no or unknown
-- Flags of a snapshot that is published again: the stricter of what it held and what has
-- since been stated about anyone whose records it shares. So going back unseals nobody.
WITH candidates AS (
    SELECT person_id, flag, purpose, value, partner FROM subject_flags
    UNION ALL
    SELECT DISTINCT
        person_records.person_id,
        newer_flags.flag,
        newer_flags.purpose,
        newer_flags.value,
        newer_flags.partner
    FROM newer_flags
    INNER JOIN newer_person_records ON newer_flags.person_id = newer_person_records.person_id
    INNER JOIN person_records ON newer_person_records.record_id = person_records.record_id
)

SELECT person_id, flag, purpose, value, partner
FROM candidates
QUALIFY row_number() OVER (
    PARTITION BY person_id, flag, purpose
    ORDER BY
        CASE
            WHEN value = 'unknown' THEN 1
            WHEN (flag = 'consent') = (value = 'no') THEN 2
            ELSE 0
        END DESC,
        partner ASC
) = 1
