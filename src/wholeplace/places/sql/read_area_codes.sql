-- grain: area_set, area_code
-- reads: areas
-- Every area of every set.
SELECT area_set, area_code
FROM areas
ORDER BY area_set, area_code
