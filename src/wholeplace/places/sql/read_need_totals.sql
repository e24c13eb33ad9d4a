-- grain: area_set
-- reads: area_needs
-- params: recipient, framework, need
-- units: exact counts of people; only for protection, never for showing
SELECT area_set, cast(sum(people) AS BIGINT) AS people, cast(sum(residents) AS BIGINT) AS residents
FROM area_needs
WHERE recipient = $recipient AND framework = $framework AND need = $need
GROUP BY area_set
ORDER BY area_set
