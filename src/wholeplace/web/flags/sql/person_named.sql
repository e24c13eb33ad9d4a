-- grain: person_id
-- reads: person_identity
-- params: given, family, born
-- The person of whom most is held under a name and a date of birth, for demonstrations.
SELECT names.person_id
FROM person_identity AS names
INNER JOIN person_identity AS births ON names.person_id = births.person_id
WHERE
    names.field = 'identity.name'
    AND births.field = 'identity.birth-date'
    AND contains(names.value, $given)
    AND contains(names.value, $family)
    AND contains(births.value, $born)
GROUP BY names.person_id
ORDER BY count(*) DESC, names.person_id
LIMIT 1
