-- grain: event_id
-- reads: events, covered_events
-- units: as intake.shapes.EVENTS; patch is a JSON object with null for each attribute to go
-- Events of the kinds that may be held of their dataset, without the end and the attributes
-- that may not.
SELECT
    e.event_id,
    e.dataset,
    e.partner,
    e.source_id,
    e.record_id,
    e.kind,
    e.start_on,
    CASE WHEN c.has_end THEN e.end_on END AS end_on,
    CASE
        WHEN c.patch = '{}' THEN e.attributes
        ELSE cast(json_merge_patch(e.attributes, c.patch) AS VARCHAR)
    END AS attributes
FROM events AS e
INNER JOIN covered_events AS c ON e.dataset = c.dataset AND e.kind = c.kind
ORDER BY e.event_id
