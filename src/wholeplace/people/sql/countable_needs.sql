-- grain: recipient, person_id, framework, need
-- reads: need_evidence, need_conditions, countable_people, countable_facts
-- Needs that still hold on what a recipient may have counted alone. The rule is run again: a
-- condition counts only events of sources and kinds that are covered, for people who may be
-- counted. Fewer events never make a rule hold, so the evidence found is all there is to try.
WITH events AS (
    SELECT
        countable_facts.recipient,
        need_evidence.person_id,
        unnest(need_evidence.conditions) AS condition
    FROM need_evidence
    INNER JOIN countable_people ON need_evidence.person_id = countable_people.person_id
    INNER JOIN countable_facts
        ON
            need_evidence.partner = countable_facts.source
            AND need_evidence.kind = countable_facts.field
    WHERE
        countable_facts.consent = 'none'
        OR countable_people.consent = 'yes'
        OR (countable_facts.consent = 'unless-refused' AND countable_people.consent = 'unstated')
),

met AS (
    SELECT
        events.recipient,
        events.person_id,
        need_conditions.framework,
        need_conditions.need,
        need_conditions.joined
    FROM events
    INNER JOIN need_conditions ON events.condition = need_conditions.condition
    GROUP BY
        events.recipient,
        events.person_id,
        need_conditions.framework,
        need_conditions.need,
        need_conditions.joined,
        need_conditions.condition,
        need_conditions.at_least
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
)

SELECT met.recipient, met.person_id, met.framework, met.need
FROM met
INNER JOIN asked ON met.framework = asked.framework AND met.need = asked.need
GROUP BY
    met.recipient, met.person_id, met.framework, met.need, asked.all_asked, asked.any_asked
HAVING
    count(*) FILTER (WHERE met.joined = 'all') = asked.all_asked
    AND (asked.any_asked = 0 OR count(*) FILTER (WHERE met.joined = 'any') > 0)
