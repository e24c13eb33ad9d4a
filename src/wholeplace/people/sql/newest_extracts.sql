-- grain: dataset
-- reads: records, flags
-- params: as_of
-- The newest day on which each dataset said anything, up to the as-of day.
SELECT dataset, max(day) AS newest_on
FROM (
    SELECT dataset, seen_to AS day FROM records
    UNION ALL
    SELECT dataset, stated_on AS day FROM flags
)
WHERE day <= $as_of
GROUP BY dataset
