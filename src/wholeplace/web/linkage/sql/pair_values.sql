-- grain: record_id, field
-- reads: records, person_records, person_identity
-- params: record_l, record_r
-- units: value is a JSON object of the field's columns, dates as ISO 8601 text, nulls left out
-- What two records say of who somebody is, by vocabulary field; nothing that is past its date,
-- which the people room has left out of `person_identity`.
WITH held AS (
    SELECT person_records.person_id, records.*
    FROM records
    INNER JOIN person_records ON records.record_id = person_records.record_id
    WHERE records.record_id = $record_l OR records.record_id = $record_r
),

stated AS (
    SELECT
        record_id, person_id, partner, dataset, 'identity.name' AS field,
        json_object(
            'given_name', given_name, 'middle_names', middle_names, 'family_name', family_name
        ) AS value
    FROM held
    WHERE coalesce(given_name, middle_names, family_name) IS NOT NULL
    UNION ALL
    SELECT
        record_id, person_id, partner, dataset, 'identity.birth-date',
        json_object('birth_date', cast(birth_date AS VARCHAR))
    FROM held
    WHERE birth_date IS NOT NULL
    UNION ALL
    SELECT record_id, person_id, partner, dataset, 'identity.sex', json_object('sex', sex)
    FROM held
    WHERE sex IS NOT NULL
    UNION ALL
    SELECT
        record_id, person_id, partner, dataset, 'identity.nhs-number',
        json_object('nhs_number', nhs_number)
    FROM held
    WHERE nhs_number IS NOT NULL
    UNION ALL
    SELECT record_id, person_id, partner, dataset, 'identity.nino', json_object('nino', nino)
    FROM held
    WHERE nino IS NOT NULL
    UNION ALL
    SELECT record_id, person_id, partner, dataset, 'identity.upn', json_object('upn', upn)
    FROM held
    WHERE upn IS NOT NULL
    UNION ALL
    SELECT
        record_id, person_id, partner, dataset, 'contact.address',
        json_object('address', address, 'postcode', postcode, 'uprn', uprn)
    FROM held
    WHERE coalesce(address, postcode) IS NOT NULL OR uprn IS NOT NULL
    UNION ALL
    SELECT record_id, person_id, partner, dataset, 'contact.phone', json_object('phone', phone)
    FROM held
    WHERE phone IS NOT NULL
    UNION ALL
    SELECT record_id, person_id, partner, dataset, 'contact.email', json_object('email', email)
    FROM held
    WHERE email IS NOT NULL
)

SELECT
    record_id,
    person_id,
    partner,
    dataset,
    field,
    cast(json_merge_patch('{}', value) AS VARCHAR) AS value
FROM stated
WHERE
    EXISTS (
        SELECT 1
        FROM person_identity
        WHERE
            person_identity.person_id = stated.person_id
            AND person_identity.partner = stated.partner
            AND person_identity.dataset = stated.dataset
            AND person_identity.field = stated.field
    )
ORDER BY record_id, field
