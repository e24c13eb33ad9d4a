-- grain: dataset, key_text
-- reads: intake_rows
-- units: none
-- The row that stands for each key now: the one of the newest extract, and there the last.
SELECT
    dataset,
    key_text,
    arg_max(source_id, (extract_on, file_order, row_number)) AS source_id,
    arg_max(file, (extract_on, file_order, row_number)) AS file,
    arg_max(row_number, (extract_on, file_order, row_number)) AS row_number,
    max(extract_on) AS extract_on
FROM intake_rows
GROUP BY dataset, key_text
