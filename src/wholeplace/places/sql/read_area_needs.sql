-- grain: area_code
-- reads: area_needs
-- params: recipient, area_set, framework, need
-- units: exact counts of people; only for protection, never for showing
SELECT area_code, people, residents
FROM area_needs
WHERE
    recipient = $recipient
    AND area_set = $area_set
    AND framework = $framework
    AND need = $need
ORDER BY area_code
