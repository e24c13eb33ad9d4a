-- grain: person_id, framework, need, condition
-- reads: condition_matches, need_conditions
-- Conditions that hold for a person, of those needs whose rule as a whole holds: every
-- `all` condition, and at least one `any` condition where there are some.
WITH met AS (
    SELECT condition_matches.person_id, condition_matches.condition
    FROM condition_matches
    INNER JOIN need_conditions ON condition_matches.condition = need_conditions.condition
    GROUP BY
        condition_matches.person_id, condition_matches.condition, need_conditions.at_least
    HAVING count(*) >= need_conditions.at_least
),

asked AS (
    SELECT
        framework,
        need,
        count(*) FILTER (WHERE joined = 'all') AS all_asked,
        count(*) FILTER (WHERE joined = 'any') AS any_asked
    FROM need_conditions
    GROUP BY framework, need
),

held AS (
    SELECT
        met.person_id,
        need_conditions.framework,
        need_conditions.need,
        count(*) FILTER (WHERE need_conditions.joined = 'all') AS all_met,
        count(*) FILTER (WHERE need_conditions.joined = 'any') AS any_met
    FROM met
    INNER JOIN need_conditions ON met.condition = need_conditions.condition
    GROUP BY met.person_id, need_conditions.framework, need_conditions.need
)

SELECT
    held.person_id,
    held.framework,
    held.need,
    met.condition,
    need_conditions.headline
FROM held
INNER JOIN asked ON held.framework = asked.framework AND held.need = asked.need
INNER JOIN need_conditions
    ON held.framework = need_conditions.framework AND held.need = need_conditions.need
INNER JOIN met
    ON held.person_id = met.person_id AND need_conditions.condition = met.condition
WHERE held.all_met = asked.all_asked AND (asked.any_asked = 0 OR held.any_met > 0)
