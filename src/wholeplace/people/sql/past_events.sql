-- grain: event_id
-- reads: timeline, person_identity, kept_days, ending_kinds
-- params: on
-- units: none
-- Events that have come to be past their date: so many days after they ended; where they have no
-- end, after they happened; while open, after the newest day on which their dataset says anything.
WITH newest AS (
    SELECT dataset, max(seen_to) AS newest_on
    FROM person_identity
    GROUP BY dataset
)

SELECT t.event_id
FROM timeline AS t
LEFT JOIN newest AS n ON t.dataset = n.dataset
LEFT JOIN ending_kinds AS k ON t.dataset = k.dataset AND t.kind = k.kind
LEFT JOIN kept_days AS d ON t.partner = d.partner AND t.kind = d.field
WHERE
    CASE
        WHEN t.end_on IS NOT NULL THEN greatest(t.start_on, t.end_on)
        WHEN k.kind IS NOT NULL THEN greatest(t.start_on, n.newest_on)
        ELSE t.start_on
    END + coalesce(d.days, 0) < $on
GROUP BY t.event_id
