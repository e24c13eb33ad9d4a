-- grain: household_id
-- reads: household_members, timeline
-- params: begun_on, most
-- Households of two or more with the most kinds of difficulty in the year before a day, and their
-- members. For demonstrations.
WITH members AS (
    SELECT household_id, list(DISTINCT person_id ORDER BY person_id) AS members
    FROM household_members
    GROUP BY household_id
    HAVING count(DISTINCT person_id) >= 2
),

kinds AS (
    SELECT
        household_members.household_id,
        count(DISTINCT split_part(timeline.kind, '.', 1)) AS topics
    FROM household_members
    INNER JOIN timeline ON household_members.person_id = timeline.person_id
    WHERE
        timeline.start_on BETWEEN cast($begun_on AS DATE) - INTERVAL 365 DAY AND $begun_on
        AND split_part(timeline.kind, '.', 1) NOT IN ('health', 'substance-use', 'involvement')
    GROUP BY household_members.household_id
)

SELECT members.household_id, members.members
FROM members
INNER JOIN kinds ON members.household_id = kinds.household_id
ORDER BY kinds.topics DESC, members.household_id
LIMIT $most
