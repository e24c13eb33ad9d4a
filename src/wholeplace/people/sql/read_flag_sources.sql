-- grain: dataset, flag, purpose
-- reads: flag_sources
-- params: flag
-- units: fresh_days in days; newest_on is the day of the newest extract
-- Which lists state one flag, and how fresh each was at the run.
SELECT dataset, flag, purpose, partner, is_authoritative, is_fresh, newest_on, fresh_days
FROM flag_sources
WHERE flag = $flag
ORDER BY partner, dataset, purpose
