-- grain: record_id
-- reads: records, covered_records
-- units: as intake.shapes.RECORDS; covered_records has a yes or no for each column
-- Records with only what may be held of their dataset. The row stays, because flags and links
-- hang on it.
SELECT
    r.record_id,
    r.dataset,
    r.partner,
    r.source_id,
    CASE WHEN c.given_name THEN r.given_name END AS given_name,
    CASE WHEN c.middle_names THEN r.middle_names END AS middle_names,
    CASE WHEN c.family_name THEN r.family_name END AS family_name,
    CASE WHEN c.birth_date THEN r.birth_date END AS birth_date,
    CASE WHEN c.sex THEN r.sex END AS sex,
    CASE WHEN c.address THEN r.address END AS address,
    CASE WHEN c.postcode THEN r.postcode END AS postcode,
    CASE WHEN c.uprn THEN r.uprn END AS uprn,
    CASE WHEN c.nhs_number THEN r.nhs_number END AS nhs_number,
    CASE WHEN c.nino THEN r.nino END AS nino,
    CASE WHEN c.upn THEN r.upn END AS upn,
    CASE WHEN c.phone THEN r.phone END AS phone,
    CASE WHEN c.email THEN r.email END AS email,
    r.seen_from,
    r.seen_to
FROM records AS r
LEFT JOIN covered_records AS c ON r.dataset = c.dataset
ORDER BY r.record_id
