-- grain: event_id
-- reads: intake_events, intake_rows, intake_current, intake_extracts
-- units: start_on and end_on are days
-- Only the current row of a key makes events. In a dataset whose extracts are full, an event
-- still open when its row is gone ended with the first whole extract that no longer has it.
WITH gone AS (
    SELECT
        c.dataset,
        c.key_text,
        min(x.extract_on) AS gone_on
    FROM intake_current AS c
    INNER JOIN intake_extracts AS x
        ON c.dataset = x.dataset AND c.extract_on < x.extract_on AND x.is_whole AND x.is_full
    GROUP BY c.dataset, c.key_text
)

SELECT
    e.event_id,
    e.dataset,
    r.partner,
    r.source_id,
    r.record_id,
    e.kind,
    e.start_on,
    CASE
        WHEN e.end_on IS NULL AND e.can_end AND gone.gone_on >= e.start_on THEN gone.gone_on
        ELSE e.end_on
    END AS end_on,
    e.attributes
FROM intake_events AS e
INNER JOIN intake_rows AS r
    ON e.dataset = r.dataset AND e.file = r.file AND e.row_number = r.row_number
INNER JOIN intake_current AS c
    ON r.dataset = c.dataset AND r.file = c.file AND r.row_number = c.row_number
LEFT JOIN gone
    ON c.dataset = gone.dataset AND c.key_text = gone.key_text
ORDER BY e.event_id
