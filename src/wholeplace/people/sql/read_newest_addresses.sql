-- grain: partner
-- reads: person_identity
-- The newest day on which each partner says anything of anybody's address.
SELECT partner, max(seen_to) AS newest_on
FROM person_identity
WHERE field = 'contact.address'
GROUP BY partner
