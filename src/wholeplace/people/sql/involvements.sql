-- grain: person_id, partner, dataset, start_on, service
-- reads: timeline
-- units: service is '' where the partner does not say; end_on is null while it goes on
-- Who is working with whom: open cases, past and present. Where a partner states one case
-- twice, the statement that is still open wins, then the one that ends last.
SELECT
    person_id,
    partner,
    dataset,
    start_on,
    coalesce(json_extract_string(attributes, '/service'), '') AS service,
    json_extract_string(attributes, '/worker') AS worker,
    json_extract_string(attributes, '/contact') AS contact,
    end_on,
    event_id
FROM timeline
WHERE kind = 'involvement.open-case'
QUALIFY row_number() OVER (
    PARTITION BY
        person_id, partner, dataset, start_on,
        coalesce(json_extract_string(attributes, '/service'), '')
    ORDER BY end_on DESC NULLS FIRST, event_id ASC
) = 1
