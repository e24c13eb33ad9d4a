-- grain: household_id, person_id
-- reads: household_members, households
-- params: as_of
-- Who lives in which home on the as-of day; not hostels or other communal addresses.
SELECT DISTINCT household_members.household_id, household_members.person_id
FROM household_members
INNER JOIN households ON household_members.household_id = households.household_id
WHERE
    households.kind = 'home'
    AND household_members.start_on <= $as_of
    AND coalesce(household_members.end_on >= $as_of, true)
