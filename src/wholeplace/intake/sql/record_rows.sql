-- grain: dataset, file, row_number
-- reads: intake_rows, intake_current
-- units: none
-- A row that was corrected stays as history of the same person. Where the correction gave the
-- row to somebody else, the wrong person's row counts for nothing.
SELECT
    r.dataset,
    r.file,
    r.row_number,
    r.record_id
FROM intake_rows AS r
INNER JOIN intake_current AS c
    ON r.dataset = c.dataset AND r.key_text = c.key_text AND r.source_id = c.source_id
ORDER BY r.dataset, r.file, r.row_number
