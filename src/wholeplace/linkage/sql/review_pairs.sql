-- grain: dataset_l, source_id_l, dataset_r, source_id_r
-- reads: kept_edges, person_records
-- units: weight in bits (log2 odds), probability 0 to 1
-- Which rows of `link_edges` are asked about, the caller says by the name `kept_edges`.
-- Every pair of two partners' own numbers that was linked, might be, or was refused: the strongest
-- pair of versions of each, the number that sorts first on the left. Two versions of one number
-- are left out, since only the partner can say whether it used the number for two people.
WITH sides AS (
    SELECT
        kept_edges.*,
        l.person_id AS person_l,
        l.partner AS partner_l,
        l.dataset AS dataset_l,
        l.source_id AS source_id_l,
        r.person_id AS person_r,
        r.partner AS partner_r,
        r.dataset AS dataset_r,
        r.source_id AS source_id_r,
        (l.dataset, l.source_id) < (r.dataset, r.source_id) AS is_straight
    FROM kept_edges
    INNER JOIN person_records AS l ON kept_edges.record_id_l = l.record_id
    INNER JOIN person_records AS r ON kept_edges.record_id_r = r.record_id
    WHERE (l.dataset, l.source_id) <> (r.dataset, r.source_id)
),

ordered AS (
    SELECT
        CASE WHEN is_straight THEN dataset_l ELSE dataset_r END AS dataset_l,
        CASE WHEN is_straight THEN source_id_l ELSE source_id_r END AS source_id_l,
        CASE WHEN is_straight THEN partner_l ELSE partner_r END AS partner_l,
        CASE WHEN is_straight THEN record_id_l ELSE record_id_r END AS record_id_l,
        CASE WHEN is_straight THEN person_l ELSE person_r END AS person_l,
        CASE WHEN is_straight THEN dataset_r ELSE dataset_l END AS dataset_r,
        CASE WHEN is_straight THEN source_id_r ELSE source_id_l END AS source_id_r,
        CASE WHEN is_straight THEN partner_r ELSE partner_l END AS partner_r,
        CASE WHEN is_straight THEN record_id_r ELSE record_id_l END AS record_id_r,
        CASE WHEN is_straight THEN person_r ELSE person_l END AS person_r,
        weight,
        probability,
        outcome,
        coalesce(reason, '') AS reason,
        levels
    FROM sides
)

SELECT *
FROM ordered
QUALIFY row_number() OVER (
    PARTITION BY dataset_l, source_id_l, dataset_r, source_id_r
    ORDER BY weight DESC, record_id_l, record_id_r
) = 1
