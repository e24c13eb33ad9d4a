-- grain: person_id, partner, dataset, field, value
-- reads: person_identity, kept_days
-- params: on
-- units: none
-- What a partner held about who somebody is that has come to be past its date.
SELECT i.person_id, i.partner, i.dataset, i.field, i.value
FROM person_identity AS i
LEFT JOIN kept_days AS d ON i.partner = d.partner AND i.field = d.field
WHERE i.seen_to + coalesce(d.days, 0) < $on
