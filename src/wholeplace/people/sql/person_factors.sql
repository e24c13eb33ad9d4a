-- grain: person_id
-- reads: factor_matches, factor_conditions, living_together, person_records, subject_flags
-- units: factors is a count of the thirteen that are known of the person or of somebody in their
--   household on the as-of day
-- The fact that a clause asks for by `needs_factors`. Only how many, never which or whose. What
-- is known of housemates who are sealed, restricted or object does not count for others: it would
-- tell that they are there.
WITH shown AS (
    SELECT factor_matches.person_id, factor_conditions.need AS factor
    FROM factor_matches
    INNER JOIN factor_conditions ON factor_matches.condition = factor_conditions.condition
    GROUP BY
        factor_matches.person_id,
        factor_conditions.need,
        factor_matches.condition,
        factor_conditions.at_least
    HAVING count(*) >= factor_conditions.at_least
),

hidden AS (
    SELECT DISTINCT person_id
    FROM subject_flags
    WHERE flag IN ('sealed', 'restricted', 'objection') AND value <> 'no'
),

of_housemates AS (
    SELECT mine.person_id, shown.factor
    FROM living_together AS mine
    INNER JOIN living_together AS others
        ON mine.household_id = others.household_id AND mine.person_id <> others.person_id
    INNER JOIN shown ON others.person_id = shown.person_id
    ANTI JOIN hidden ON others.person_id = hidden.person_id
),

known AS (
    SELECT person_id, factor FROM shown
    UNION
    SELECT person_id, factor FROM of_housemates
)

SELECT everybody.person_id, cast(count(DISTINCT known.factor) AS INTEGER) AS factors
FROM (SELECT DISTINCT person_id FROM person_records) AS everybody
LEFT JOIN known ON everybody.person_id = known.person_id
GROUP BY everybody.person_id
