-- grain: recipient, area_set, area_code, framework, need
-- reads: countable_facts, countable_homes, countable_needs, areas, need_conditions
-- units: people and residents are counts of people, exact; they leave only through
--   disclosure control
-- How many residents of each area have each need, as far as each recipient may have it counted;
-- areas and needs with none are listed too.
WITH recipients AS (
    SELECT DISTINCT recipient
    FROM countable_facts
),

needs AS (
    SELECT DISTINCT framework, need
    FROM need_conditions
),

residents AS (
    SELECT recipient, area_set, area_code, count(*) AS residents
    FROM countable_homes
    GROUP BY recipient, area_set, area_code
),

found AS (
    SELECT
        countable_homes.recipient,
        countable_homes.area_set,
        countable_homes.area_code,
        countable_needs.framework,
        countable_needs.need,
        count(*) AS people
    FROM countable_homes
    INNER JOIN countable_needs
        ON
            countable_homes.recipient = countable_needs.recipient
            AND countable_homes.person_id = countable_needs.person_id
    GROUP BY ALL
)

SELECT
    recipients.recipient,
    areas.area_set,
    areas.area_code,
    needs.framework,
    needs.need,
    coalesce(found.people, 0) AS people,
    coalesce(residents.residents, 0) AS residents
FROM recipients
CROSS JOIN areas
CROSS JOIN needs
LEFT JOIN found
    ON
        recipients.recipient = found.recipient
        AND areas.area_set = found.area_set
        AND areas.area_code = found.area_code
        AND needs.framework = found.framework
        AND needs.need = found.need
LEFT JOIN residents
    ON
        recipients.recipient = residents.recipient
        AND areas.area_set = residents.area_set
        AND areas.area_code = residents.area_code
