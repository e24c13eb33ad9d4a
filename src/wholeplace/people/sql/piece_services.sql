-- grain: recipient, piece, used
-- reads: countable_facts, countable_homes, countable_people, timeline
-- params: as_of, recent_days, not_visits
-- units: people and residents are counts of people, exact; they leave only through
--   disclosure control. used is two-or-more, three-or-more, or two partners joined by a plus
-- How many residents of each piece used several services in recent days, as far as each recipient
-- may have it counted. A service is a partner that saw somebody; contact that nobody chose, such
-- as an arrest, is no visit. The same pieces as in `piece_needs`.
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

visits AS (
    SELECT DISTINCT countable_facts.recipient, timeline.person_id, timeline.partner
    FROM timeline
    INNER JOIN countable_people ON timeline.person_id = countable_people.person_id
    INNER JOIN countable_facts
        ON timeline.partner = countable_facts.source AND timeline.kind = countable_facts.field
    WHERE
        timeline.start_on <= $as_of
        AND coalesce(timeline.end_on, timeline.start_on) >= $as_of - cast($recent_days AS INTEGER)
        AND NOT list_contains($not_visits, split_part(timeline.kind, '.', 1))
        AND (
            countable_facts.consent = 'none'
            OR countable_people.consent = 'yes'
            OR (
                countable_facts.consent = 'unless-refused'
                AND countable_people.consent = 'unstated'
            )
        )
),

used AS (
    SELECT recipient, person_id, 'two-or-more' AS used
    FROM visits
    GROUP BY recipient, person_id
    HAVING count(*) >= 2
    UNION ALL
    SELECT recipient, person_id, 'three-or-more' AS used
    FROM visits
    GROUP BY recipient, person_id
    HAVING count(*) >= 3
    UNION ALL
    SELECT one.recipient, one.person_id, one.partner || '+' || two.partner AS used
    FROM visits AS one
    INNER JOIN visits AS two
        ON
            one.recipient = two.recipient
            AND one.person_id = two.person_id
            AND one.partner < two.partner
),

sources AS (
    SELECT DISTINCT recipient, source
    FROM countable_facts
    WHERE
        contains(field, '.')
        AND NOT list_contains($not_visits, split_part(field, '.', 1))
),

groups AS (
    SELECT DISTINCT recipient, unnest(['two-or-more', 'three-or-more']) AS used
    FROM sources
    UNION ALL
    SELECT one.recipient, one.source || '+' || two.source AS used
    FROM sources AS one
    INNER JOIN sources AS two ON one.recipient = two.recipient AND one.source < two.source
),

found AS (
    SELECT homes.recipient, homes.piece, used.used, count(*) AS people
    FROM homes
    INNER JOIN used ON homes.recipient = used.recipient AND homes.person_id = used.person_id
    GROUP BY ALL
)

SELECT
    residents.recipient,
    residents.piece,
    groups.used,
    coalesce(found.people, 0) AS people,
    residents.residents
FROM residents
INNER JOIN groups ON residents.recipient = groups.recipient
LEFT JOIN found
    ON
        residents.recipient = found.recipient
        AND residents.piece = found.piece
        AND groups.used = found.used
