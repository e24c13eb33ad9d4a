-- grain: event_id
-- reads: involvements
-- params: person_id
-- Cases of one person, open ones first, then newest first.
SELECT partner, dataset, start_on, service, worker, contact, end_on, event_id
FROM involvements
WHERE person_id = $person_id
ORDER BY end_on DESC NULLS FIRST, start_on DESC, event_id
