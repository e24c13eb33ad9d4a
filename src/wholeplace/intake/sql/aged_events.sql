-- grain: event_id
-- reads: events, records, kept_days, ending_kinds
-- params: on
-- units: until_on is the last day on which the event is kept
-- Events past their date: so many days after they ended; where they have no end, after they
-- happened; while they are open, after the newest day on which their dataset says anything.
WITH newest AS (
    SELECT dataset, max(seen_to) AS newest_on
    FROM records
    GROUP BY dataset
),

dated AS (
    SELECT
        e.event_id,
        CASE
            WHEN e.end_on IS NOT NULL THEN greatest(e.start_on, e.end_on)
            WHEN k.kind IS NOT NULL THEN greatest(e.start_on, n.newest_on)
            ELSE e.start_on
        END + coalesce(d.days, 0) AS until_on
    FROM events AS e
    LEFT JOIN newest AS n ON e.dataset = n.dataset
    LEFT JOIN ending_kinds AS k ON e.dataset = k.dataset AND e.kind = k.kind
    LEFT JOIN kept_days AS d ON e.partner = d.partner AND e.kind = d.field
)

SELECT event_id, until_on
FROM dated
WHERE until_on < $on
