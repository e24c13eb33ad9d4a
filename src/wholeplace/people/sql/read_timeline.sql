-- grain: event_id
-- reads: timeline
-- params: person_id
-- Events of one person, newest first.
SELECT event_id, dataset, partner, kind, start_on, end_on, attributes
FROM timeline
WHERE person_id = $person_id
ORDER BY start_on DESC, event_id
