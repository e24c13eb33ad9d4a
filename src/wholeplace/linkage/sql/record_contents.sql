-- grain: record_id
-- reads: records
-- params:
-- units: content is a 64-bit hash
-- What a record says, told apart from when it was seen: equal contents are compared alike.
SELECT
    record_id,
    seen_from,
    seen_to,
    hash(
        dataset, partner, source_id, given_name, middle_names, family_name, birth_date, sex,
        address, postcode, uprn, nhs_number, nino, upn, phone, email
    ) AS content
FROM records
