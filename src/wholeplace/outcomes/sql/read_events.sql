-- grain: event_id
-- reads: timeline
-- params: person_ids
-- Every event of some people, oldest first.
SELECT event_id, person_id, dataset, partner, kind, start_on, end_on, attributes
FROM timeline
WHERE person_id IN ($person_ids)
ORDER BY start_on, event_id
