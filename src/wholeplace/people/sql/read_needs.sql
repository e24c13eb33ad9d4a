-- grain: framework, need, event_id
-- reads: need_evidence
-- params: person_id
-- Needs of one person, an evidence event a row.
SELECT framework, need, event_id, conditions
FROM need_evidence
WHERE person_id = $person_id
ORDER BY framework, need, start_on, event_id
