-- grain: recipient, piece, framework, need
-- reads: countable_facts, countable_homes, countable_needs, need_conditions
-- units: people and residents are counts of people, exact; they leave only through
--   disclosure control. piece: area_set, unit separator, area_code; record separator between sets
-- How many residents of each piece have each need, as far as each recipient may have it counted.
-- A piece is the ground that areas of all sets share: every figure by area is a sum of pieces, so
-- that counts by different boundaries can be protected together. Pieces where nobody is counted
-- are left out.
WITH homes AS (
    SELECT
        recipient,
        person_id,
        string_agg(area_set || chr(31) || area_code, chr(30) ORDER BY area_set) AS piece
    FROM countable_homes
    GROUP BY recipient, person_id
),

residents AS (
    SELECT recipient, piece, count(*) AS residents
    FROM homes
    GROUP BY recipient, piece
),

needs AS (
    SELECT DISTINCT framework, need
    FROM need_conditions
),

found AS (
    SELECT
        homes.recipient,
        homes.piece,
        countable_needs.framework,
        countable_needs.need,
        count(*) AS people
    FROM homes
    INNER JOIN countable_needs
        ON
            homes.recipient = countable_needs.recipient
            AND homes.person_id = countable_needs.person_id
    GROUP BY ALL
)

SELECT
    residents.recipient,
    residents.piece,
    needs.framework,
    needs.need,
    coalesce(found.people, 0) AS people,
    residents.residents
FROM residents
CROSS JOIN needs
LEFT JOIN found
    ON
        residents.recipient = found.recipient
        AND residents.piece = found.piece
        AND needs.framework = found.framework
        AND needs.need = found.need
