-- grain: person_id, dwelling
-- reads: records, linkage_input, person_records
-- params:
-- units: sightings is records; first_on and last_on are days
-- Where each person was seen to live: one row a person and dwelling. A UPRN names the
-- dwelling; an address without one borrows it from records of the same postcode and building.
WITH borrowed AS (
    SELECT home, min(uprn) AS uprn
    FROM linkage_input
    WHERE home IS NOT NULL AND uprn IS NOT NULL
    GROUP BY home
    HAVING count(DISTINCT uprn) = 1
),

sightings AS (
    SELECT
        people.person_id,
        coalesce('uprn:' || coalesce(input.uprn, borrowed.uprn), 'address:' || input.home)
            AS dwelling,
        input.family_name,
        input.dataset,
        input.seen_from,
        coalesce(input.seen_to, input.seen_from) AS seen_to,
        regexp_matches(
            lower(records.address),
            'no fixed|nfa\b|hostel|refuge|night shelter|hotel|bed and breakfast|b&b'
            || '|temporary accom|emergency accom'
        ) AS is_temporary,
        regexp_matches(
            lower(records.address),
            'care home|nursing home|residential home|rest home|hmp |prison|barracks'
            || '|halls? of residence|hospital'
        ) AS is_communal
    FROM linkage_input AS input
    INNER JOIN person_records AS people ON input.record_id = people.record_id
    INNER JOIN records ON input.record_id = records.record_id
    LEFT JOIN borrowed ON input.home = borrowed.home
    WHERE input.seen_from IS NOT NULL
)

SELECT
    person_id,
    dwelling,
    min(seen_from) AS first_on,
    max(seen_to) AS last_on,
    count(*) AS sightings,
    count(DISTINCT dataset) AS datasets,
    arg_max(family_name, row(seen_to, family_name)) AS family_name,
    bool_or(is_temporary) AS is_temporary,
    bool_or(is_communal) AS is_communal
FROM sightings
WHERE dwelling IS NOT NULL
GROUP BY person_id, dwelling
