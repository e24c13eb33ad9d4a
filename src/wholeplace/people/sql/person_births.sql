-- grain: person_id
-- reads: records, person_records
-- One date of birth for each person: the date that most of the person's records give, then
-- the one seen last, then the earliest, so that the choice never depends on row order.
WITH stated AS (
    SELECT
        person_records.person_id,
        records.birth_date,
        count(*) AS times,
        max(coalesce(records.seen_to, DATE '0001-01-01')) AS seen_to
    FROM records
    INNER JOIN person_records ON records.record_id = person_records.record_id
    WHERE records.birth_date IS NOT NULL
    GROUP BY person_records.person_id, records.birth_date
)

SELECT person_id, birth_date
FROM stated
QUALIFY row_number() OVER (
    PARTITION BY person_id ORDER BY times DESC, seen_to DESC, birth_date ASC
) = 1
