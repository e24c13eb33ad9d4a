-- grain: housemate
-- reads: household_members
-- params: person_id
-- units: lives_to is null while they still live together
-- People who have shared a household with a person, and between which days.
WITH mine AS (
    SELECT household_id, start_on, end_on
    FROM household_members
    WHERE person_id = $person_id
)

SELECT
    others.person_id AS housemate,
    max(greatest(mine.start_on, others.start_on)) AS lives_from,
    CASE
        WHEN NOT bool_or(mine.end_on IS NULL AND others.end_on IS NULL)
            THEN max(least(mine.end_on, others.end_on))
    END AS lives_to
FROM mine
INNER JOIN household_members AS others ON mine.household_id = others.household_id
WHERE
    others.person_id <> $person_id
    AND others.start_on <= coalesce(mine.end_on, DATE '9999-12-31')
    AND mine.start_on <= coalesce(others.end_on, DATE '9999-12-31')
GROUP BY others.person_id
ORDER BY others.person_id
