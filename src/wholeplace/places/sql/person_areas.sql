-- grain: person_id, partner, area_set
-- reads: records, person_records, areas, area_lookup
-- units: recency is 1 for the partner whose postcode is the newest dated, then 2, and so on
-- The area of each set that a person lives in, as each partner knows it: by the newest dated
-- postcode that the partner holds. A postcode that a set's lookup does not list gives no area
-- there: out of the place. Whose word counts for a reader is decided by agreement.
WITH dated AS (
    SELECT
        person_records.person_id,
        records.partner,
        records.postcode,
        records.seen_to,
        records.seen_from
    FROM records
    INNER JOIN person_records ON records.record_id = person_records.record_id
    WHERE records.postcode IS NOT NULL
    QUALIFY row_number() OVER (
        PARTITION BY person_records.person_id, records.partner
        ORDER BY
            records.seen_to DESC NULLS LAST,
            records.seen_from DESC NULLS LAST,
            records.postcode ASC
    ) = 1
),

ranked AS (
    SELECT
        person_id,
        partner,
        postcode,
        row_number() OVER (
            PARTITION BY person_id
            ORDER BY seen_to DESC NULLS LAST, seen_from DESC NULLS LAST, postcode ASC, partner ASC
        ) AS recency
    FROM dated
),

sets AS (
    SELECT DISTINCT area_set
    FROM areas
)

SELECT
    ranked.person_id,
    ranked.partner,
    sets.area_set,
    area_lookup.area_code,
    cast(ranked.recency AS INTEGER) AS recency
FROM ranked
CROSS JOIN sets
LEFT JOIN area_lookup
    ON ranked.postcode = area_lookup.postcode AND sets.area_set = area_lookup.area_set
