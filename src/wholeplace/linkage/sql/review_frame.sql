-- grain: dataset_l, source_id_l, dataset_r, source_id_r
-- reads: pairs, records, areas
-- params:
-- units: years of age
-- Every pair with the group of who it is about: as the left record says, else as the right one.
WITH said AS (
    SELECT
        pairs.*,
        coalesce(l.sex, r.sex) AS sex_said,
        date_sub('year', coalesce(l.birth_date, r.birth_date), current_date) AS years,
        areas.area AS area_code
    FROM pairs
    INNER JOIN records AS l ON pairs.record_id_l = l.record_id
    INNER JOIN records AS r ON pairs.record_id_r = r.record_id
    LEFT JOIN areas ON pairs.person_l = areas.person_id
)

SELECT
    dataset_l,
    source_id_l,
    dataset_r,
    source_id_r,
    probability,
    outcome = 'linked' AS is_linked,
    sex_said AS sex,
    area_code AS area,
    years
FROM said
