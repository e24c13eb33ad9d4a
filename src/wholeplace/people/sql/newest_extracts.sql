-- grain: dataset
-- reads: records, flags, extracts_stated
-- params: as_of
-- The day of each dataset's newest extract; where that is not stated, the newest day on which
-- the dataset said anything, up to the as-of day.
WITH said AS (
    SELECT dataset, max(day) AS newest_on
    FROM (
        SELECT dataset, seen_to AS day FROM records
        UNION ALL
        SELECT dataset, stated_on AS day FROM flags
    )
    WHERE day <= $as_of
    GROUP BY dataset
)

SELECT
    coalesce(extracts_stated.dataset, said.dataset) AS dataset,
    coalesce(extracts_stated.newest_on, said.newest_on) AS newest_on
FROM said
FULL JOIN extracts_stated ON said.dataset = extracts_stated.dataset
