-- grain: event_id, person_id
-- reads: events, person_records
-- units: attributes is a JSON object of vocabulary attributes
-- Every event beside the person whose record it hangs on.
SELECT
    events.event_id,
    person_records.person_id,
    events.dataset,
    events.partner,
    events.kind,
    events.start_on,
    events.end_on,
    events.attributes
FROM events
INNER JOIN person_records ON events.record_id = person_records.record_id
