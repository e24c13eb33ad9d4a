-- grain: record_id
-- reads: intake_rows, record_rows
-- units: seen_from and seen_to are days
SELECT
    r.record_id,
    any_value(r.dataset) AS dataset,
    any_value(r.partner) AS partner,
    any_value(r.source_id) AS source_id,
    any_value(r.given_name) AS given_name,
    any_value(r.middle_names) AS middle_names,
    any_value(r.family_name) AS family_name,
    any_value(r.birth_date) AS birth_date,
    any_value(r.sex) AS sex,
    any_value(r.address) AS address,
    any_value(r.postcode) AS postcode,
    any_value(r.uprn) AS uprn,
    any_value(r.nhs_number) AS nhs_number,
    any_value(r.nino) AS nino,
    any_value(r.upn) AS upn,
    any_value(r.phone) AS phone,
    any_value(r.email) AS email,
    min(r.seen_on) AS seen_from,
    max(r.seen_on) AS seen_to
FROM intake_rows AS r
SEMI JOIN record_rows AS w
    ON r.dataset = w.dataset AND r.file = w.file AND r.row_number = w.row_number
GROUP BY r.record_id
ORDER BY r.record_id
