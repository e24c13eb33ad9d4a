-- grain: one row
-- reads: timeline, person_identity, subject_flags
-- params: pairs
-- units: residents; pairs are partner and field with a space between
-- How many residents a partner holds one of these fields of, and how many there are. Whoever is
-- sealed, or of whom that is unknown, is in neither number.
WITH open_people AS (
    SELECT DISTINCT person_identity.person_id
    FROM person_identity
    WHERE
        NOT EXISTS (
            SELECT 1
            FROM subject_flags
            WHERE
                subject_flags.person_id = person_identity.person_id
                AND subject_flags.flag = 'sealed'
                AND subject_flags.value <> 'no'
        )
),

holdings AS (
    SELECT person_id, partner || ' ' || field AS pair
    FROM person_identity
    UNION
    SELECT person_id, partner || ' ' || kind AS pair
    FROM timeline
)

SELECT
    count(*) AS residents,
    count(*) FILTER (
        WHERE person_id IN (SELECT holdings.person_id FROM holdings WHERE holdings.pair IN ($pairs))
    ) AS affected
FROM open_people
