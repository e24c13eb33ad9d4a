-- grain: person_id, area_set
-- reads: records, person_records, area_lookup
-- The area of each set that a person lives in, by the newest dated postcode any partner
-- holds. A postcode that a set's lookup does not list gives no area there: out of the place.
WITH newest AS (
    SELECT person_records.person_id, records.postcode
    FROM records
    INNER JOIN person_records ON records.record_id = person_records.record_id
    WHERE records.postcode IS NOT NULL
    QUALIFY row_number() OVER (
        PARTITION BY person_records.person_id
        ORDER BY
            records.seen_to DESC NULLS LAST,
            records.seen_from DESC NULLS LAST,
            records.postcode ASC
    ) = 1
)

SELECT newest.person_id, area_lookup.area_set, area_lookup.area_code
FROM newest
INNER JOIN area_lookup ON newest.postcode = area_lookup.postcode
