-- grain: area_set, area_code, framework, need
-- reads: person_areas, areas, person_needs, need_conditions
-- units: people and residents are counts of people, exact; they leave only through
--   disclosure control
-- How many residents of each area have each need; areas and needs with none are listed too.
WITH residents AS (
    SELECT area_set, area_code, count(*) AS residents
    FROM person_areas
    GROUP BY area_set, area_code
),

needs AS (
    SELECT DISTINCT framework, need
    FROM need_conditions
),

found AS (
    SELECT
        person_areas.area_set,
        person_areas.area_code,
        person_needs.framework,
        person_needs.need,
        count(*) AS people
    FROM person_areas
    INNER JOIN person_needs ON person_areas.person_id = person_needs.person_id
    GROUP BY ALL
)

SELECT
    areas.area_set,
    areas.area_code,
    needs.framework,
    needs.need,
    coalesce(found.people, 0) AS people,
    coalesce(residents.residents, 0) AS residents
FROM areas
CROSS JOIN needs
LEFT JOIN found
    ON
        areas.area_set = found.area_set
        AND areas.area_code = found.area_code
        AND needs.framework = found.framework
        AND needs.need = found.need
LEFT JOIN residents
    ON areas.area_set = residents.area_set AND areas.area_code = residents.area_code
