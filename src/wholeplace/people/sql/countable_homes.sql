-- grain: recipient, person_id, area_set
-- reads: person_areas, areas, countable_people, countable_facts
-- params: home
-- Where each person is counted for a recipient: by the newest postcode among partners whose
-- addresses the recipient may have counted. Only people whom every set of areas places are
-- counted, so that all sets count the same people and no difference between them picks out
-- those at an edge.
WITH homes AS (
    SELECT
        countable_facts.recipient,
        person_areas.person_id,
        person_areas.area_set,
        person_areas.area_code
    FROM person_areas
    INNER JOIN countable_people ON person_areas.person_id = countable_people.person_id
    INNER JOIN countable_facts
        ON person_areas.partner = countable_facts.source AND countable_facts.field = $home
    WHERE
        countable_facts.consent = 'none'
        OR countable_people.consent = 'yes'
        OR (countable_facts.consent = 'unless-refused' AND countable_people.consent = 'unstated')
    QUALIFY row_number() OVER (
        PARTITION BY
            countable_facts.recipient, person_areas.person_id, person_areas.area_set
        ORDER BY person_areas.recency
    ) = 1
),

placed AS (
    -- A code that no boundary has is no area.
    SELECT homes.recipient, homes.person_id
    FROM homes
    INNER JOIN areas
        ON homes.area_set = areas.area_set AND homes.area_code = areas.area_code
    GROUP BY homes.recipient, homes.person_id
    HAVING count(*) = (SELECT count(DISTINCT every.area_set) FROM areas AS every)
)

SELECT homes.recipient, homes.person_id, homes.area_set, homes.area_code
FROM homes
INNER JOIN placed ON homes.recipient = placed.recipient AND homes.person_id = placed.person_id
