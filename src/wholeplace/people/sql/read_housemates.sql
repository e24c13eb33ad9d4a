-- grain: housemate
-- reads: household_members
-- params: person_id
-- People who are or were of one household with a person. The days are not taken from here:
-- they come from all partners together.
SELECT DISTINCT others.person_id AS housemate
FROM household_members AS mine
INNER JOIN household_members AS others ON mine.household_id = others.household_id
WHERE mine.person_id = $person_id AND others.person_id <> $person_id
ORDER BY housemate
