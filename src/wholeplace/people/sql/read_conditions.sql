-- grain: condition
-- reads: need_conditions
-- Every condition of every need of the snapshot.
SELECT
    condition, framework, version, headline, headline_label, need, need_label, joined,
    at_least, tests_attributes, tests_age
FROM need_conditions
ORDER BY condition
