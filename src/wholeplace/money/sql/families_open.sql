-- grain: service
-- reads: timeline, household_members, countable_people, countable_facts
-- params: recipient, kind, on_day, facts
-- units: families is a count of households, exact; it leaves only through disclosure control
-- Households in which somebody who may be counted has an open involvement with each service,
-- as partners recorded it.
SELECT
    json_extract_string(timeline.attributes, '$.service') AS service,
    count(DISTINCT household_members.household_id) AS families
FROM timeline
INNER JOIN countable_people ON timeline.person_id = countable_people.person_id
INNER JOIN countable_facts
    ON timeline.partner = countable_facts.source AND timeline.kind = countable_facts.field
INNER JOIN household_members
    ON
        timeline.person_id = household_members.person_id
        AND household_members.start_on <= $on_day
        AND (household_members.end_on IS NULL OR household_members.end_on > $on_day)
WHERE
    timeline.kind = $kind
    AND timeline.start_on <= $on_day
    AND (timeline.end_on IS NULL OR timeline.end_on > $on_day)
    AND countable_facts.recipient = $recipient
    AND countable_facts.source || '/' || countable_facts.field IN ($facts)
    AND (
        countable_facts.consent = 'none'
        OR countable_people.consent = 'yes'
        OR (countable_facts.consent = 'unless-refused' AND countable_people.consent = 'unstated')
    )
    AND json_extract_string(timeline.attributes, '$.service') IS NOT NULL
GROUP BY ALL
