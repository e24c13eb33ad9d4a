-- grain: framework, need
-- reads: allowed_needs, need_conditions, household_members, countable_homes
-- params: recipient, on_day, least_headlines
-- units: people and several are counts of people, exact; they leave only through disclosure
--   control. The empty need counts households: people holds all, several those with several needs
-- How many people have each need, and how many of them live in a household with several headline
-- needs; and, as the empty need, households.
WITH homes AS (
    SELECT DISTINCT household_members.household_id, household_members.person_id
    FROM household_members
    INNER JOIN countable_homes ON household_members.person_id = countable_homes.person_id
    WHERE
        countable_homes.recipient = $recipient
        AND household_members.start_on <= $on_day
        AND (household_members.end_on IS NULL OR household_members.end_on > $on_day)
),

headlines AS (
    SELECT DISTINCT framework, need, headline
    FROM need_conditions
),

found AS (
    SELECT
        homes.household_id,
        homes.person_id,
        headlines.framework,
        headlines.need,
        headlines.headline
    FROM homes
    INNER JOIN allowed_needs ON homes.person_id = allowed_needs.person_id
    INNER JOIN headlines
        ON allowed_needs.framework = headlines.framework AND allowed_needs.need = headlines.need
    WHERE allowed_needs.recipient = $recipient
),

burdened AS (
    SELECT household_id
    FROM found
    GROUP BY household_id
    HAVING count(DISTINCT headline) >= $least_headlines
)

SELECT
    found.framework,
    found.need,
    count(DISTINCT found.person_id) AS people,
    count(DISTINCT found.person_id) FILTER (WHERE burdened.household_id IS NOT NULL) AS several
FROM found
LEFT JOIN burdened ON found.household_id = burdened.household_id
GROUP BY ALL
UNION ALL
SELECT
    '' AS framework,
    '' AS need,
    count(DISTINCT homes.household_id) AS people,
    count(DISTINCT burdened.household_id) AS several
FROM homes
LEFT JOIN burdened ON homes.household_id = burdened.household_id
