-- grain: housemate, partner, dataset, value
-- reads: household_members, person_identity
-- params: person_id
-- People who have shared a household with a person, each with the addresses that they have
-- in common with that person, and between which days.
WITH mine AS (
    SELECT household_id, start_on, end_on
    FROM household_members
    WHERE person_id = $person_id
),

together AS (
    SELECT
        others.person_id AS housemate,
        max(greatest(mine.start_on, others.start_on)) AS lives_from,
        bool_or(mine.end_on IS NULL AND others.end_on IS NULL) AS is_now,
        max(least(mine.end_on, others.end_on)) AS lives_to
    FROM mine
    INNER JOIN household_members AS others ON mine.household_id = others.household_id
    WHERE
        others.person_id <> $person_id
        AND others.start_on <= coalesce(mine.end_on, DATE '9999-12-31')
        AND mine.start_on <= coalesce(others.end_on, DATE '9999-12-31')
    GROUP BY others.person_id
),

my_places AS (
    SELECT DISTINCT
        json_extract_string(value, '/postcode') AS postcode,
        json_extract_string(value, '/uprn') AS uprn
    FROM person_identity
    WHERE person_id = $person_id AND field = 'contact.address'
),

theirs AS (
    SELECT
        together.housemate,
        together.lives_from,
        CASE WHEN together.is_now THEN NULL ELSE together.lives_to END AS lives_to,
        held.partner,
        held.dataset,
        held.value,
        coalesce(
            list_contains(
                (SELECT list(uprn) FROM my_places), json_extract_string(held.value, '/uprn')
            ),
            false
        )
        OR coalesce(
            list_contains(
                (SELECT list(postcode) FROM my_places),
                json_extract_string(held.value, '/postcode')
            ),
            false
        ) AS is_shared
    FROM together
    INNER JOIN person_identity AS held ON together.housemate = held.person_id
    WHERE held.field = 'contact.address'
)

SELECT housemate, lives_from, lives_to, partner, dataset, value
FROM theirs
WHERE is_shared
ORDER BY housemate, partner, dataset, value
