-- grain: record_id
-- reads: records, kept_columns
-- params: on
-- units: as intake.shapes.RECORDS; kept_columns has for each column the days that it is kept
-- Records with only what is not past its date: so many days after the last that they were seen.
SELECT
    r.record_id,
    r.dataset,
    r.partner,
    r.source_id,
    CASE WHEN r.seen_to + coalesce(d.given_name, 0) >= $on THEN r.given_name END AS given_name,
    CASE
        WHEN r.seen_to + coalesce(d.middle_names, 0) >= $on THEN r.middle_names
    END AS middle_names,
    CASE WHEN r.seen_to + coalesce(d.family_name, 0) >= $on THEN r.family_name END AS family_name,
    CASE WHEN r.seen_to + coalesce(d.birth_date, 0) >= $on THEN r.birth_date END AS birth_date,
    CASE WHEN r.seen_to + coalesce(d.sex, 0) >= $on THEN r.sex END AS sex,
    CASE WHEN r.seen_to + coalesce(d.address, 0) >= $on THEN r.address END AS address,
    CASE WHEN r.seen_to + coalesce(d.postcode, 0) >= $on THEN r.postcode END AS postcode,
    CASE WHEN r.seen_to + coalesce(d.uprn, 0) >= $on THEN r.uprn END AS uprn,
    CASE WHEN r.seen_to + coalesce(d.nhs_number, 0) >= $on THEN r.nhs_number END AS nhs_number,
    CASE WHEN r.seen_to + coalesce(d.nino, 0) >= $on THEN r.nino END AS nino,
    CASE WHEN r.seen_to + coalesce(d.upn, 0) >= $on THEN r.upn END AS upn,
    CASE WHEN r.seen_to + coalesce(d.phone, 0) >= $on THEN r.phone END AS phone,
    CASE WHEN r.seen_to + coalesce(d.email, 0) >= $on THEN r.email END AS email,
    r.seen_from,
    r.seen_to
FROM records AS r
LEFT JOIN kept_columns AS d ON r.partner = d.partner
ORDER BY r.record_id
