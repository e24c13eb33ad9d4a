-- grain: person_id, partner, dataset, field, value
-- reads: records, person_records
-- units: value is a JSON object of the field's columns, dates as ISO 8601 text, nulls left out;
--   seen_from and seen_to are the first and last day on which the partner said so
-- What each partner holds about who a person is and how to reach them, by vocabulary field.
WITH held AS (
    SELECT person_records.person_id, records.*
    FROM records
    INNER JOIN person_records ON records.record_id = person_records.record_id
),

stated AS (
    SELECT
        person_id, partner, dataset, seen_from, seen_to, 'identity.name' AS field,
        json_object(
            'given_name', given_name, 'middle_names', middle_names, 'family_name', family_name
        ) AS value
    FROM held
    WHERE coalesce(given_name, middle_names, family_name) IS NOT NULL
    UNION ALL
    SELECT
        person_id, partner, dataset, seen_from, seen_to, 'identity.birth-date',
        json_object('birth_date', cast(birth_date AS VARCHAR))
    FROM held
    WHERE birth_date IS NOT NULL
    UNION ALL
    SELECT person_id, partner, dataset, seen_from, seen_to, 'identity.sex', json_object('sex', sex)
    FROM held
    WHERE sex IS NOT NULL
    UNION ALL
    SELECT
        person_id, partner, dataset, seen_from, seen_to, 'identity.nhs-number',
        json_object('nhs_number', nhs_number)
    FROM held
    WHERE nhs_number IS NOT NULL
    UNION ALL
    SELECT
        person_id, partner, dataset, seen_from, seen_to, 'identity.nino',
        json_object('nino', nino)
    FROM held
    WHERE nino IS NOT NULL
    UNION ALL
    SELECT person_id, partner, dataset, seen_from, seen_to, 'identity.upn', json_object('upn', upn)
    FROM held
    WHERE upn IS NOT NULL
    UNION ALL
    SELECT
        person_id, partner, dataset, seen_from, seen_to, 'contact.address',
        json_object('address', address, 'postcode', postcode, 'uprn', uprn)
    FROM held
    WHERE coalesce(address, postcode) IS NOT NULL OR uprn IS NOT NULL
    UNION ALL
    SELECT
        person_id, partner, dataset, seen_from, seen_to, 'contact.phone',
        json_object('phone', phone)
    FROM held
    WHERE phone IS NOT NULL
    UNION ALL
    SELECT
        person_id, partner, dataset, seen_from, seen_to, 'contact.email',
        json_object('email', email)
    FROM held
    WHERE email IS NOT NULL
)

SELECT
    person_id,
    partner,
    dataset,
    field,
    cast(json_merge_patch('{}', value) AS VARCHAR) AS value,
    min(seen_from) AS seen_from,
    max(seen_to) AS seen_to
FROM stated
GROUP BY ALL
