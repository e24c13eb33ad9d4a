-- grain: person_id, partner, worker, contact
-- reads: involvements
-- params: on
-- units: days; open involvements only
SELECT DISTINCT
    person_id,
    partner,
    coalesce(worker, '') AS worker,
    coalesce(contact, '') AS contact
FROM involvements
WHERE
    start_on <= $on
    AND (end_on IS NULL OR end_on >= $on)
    AND (worker IS NOT NULL OR contact IS NOT NULL)
