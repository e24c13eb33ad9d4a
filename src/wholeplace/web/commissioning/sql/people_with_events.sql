-- grain: person_id
-- reads: timeline
-- params: kinds
-- Everybody of whom some partner recorded an event of one of some kinds.
SELECT DISTINCT person_id
FROM timeline
WHERE kind IN ($kinds)
ORDER BY person_id
