-- grain: person_id
-- reads: person_identity
-- params: person_ids
-- One date of birth for each of some people: what most datasets give, then the newest, then the
-- earliest day, so that the choice never depends on row order.
WITH stated AS (
    SELECT
        person_id,
        cast(json_extract_string(value, '$.birth_date') AS DATE) AS birth_date,
        count(DISTINCT dataset) AS datasets,
        max(coalesce(seen_to, DATE '0001-01-01')) AS seen_to
    FROM person_identity
    WHERE person_id IN ($person_ids) AND field = 'identity.birth-date'
    GROUP BY person_id, json_extract_string(value, '$.birth_date')
)

SELECT person_id, birth_date
FROM stated
QUALIFY row_number() OVER (
    PARTITION BY person_id ORDER BY datasets DESC, seen_to DESC, birth_date ASC
) = 1
