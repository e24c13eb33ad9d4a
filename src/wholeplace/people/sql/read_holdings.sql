-- grain: partner, dataset, field
-- reads: person_identity, timeline
-- params: person_id
-- Which partners hold something of which field about one person, and nothing of what.
SELECT partner, dataset, field
FROM person_identity
WHERE person_id = $person_id
UNION
SELECT partner, dataset, kind
FROM timeline
WHERE person_id = $person_id
ORDER BY partner, dataset, field
