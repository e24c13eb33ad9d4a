-- grain: dataset, source_id, flag, purpose
-- reads: intake_flags, intake_held_flags, intake_rows, intake_current, intake_extracts
-- units: stated_on is a day
-- The newest extract that speaks of a person decides; in it the row last observed; of those the
-- most protective value (strictness). A rejected row may still protect (held flags), never lift.
-- Absence from the newest full and whole extract of an authoritative list means no, since that
-- day; absence from any other says nothing.
WITH statements AS (
    SELECT
        f.dataset,
        r.partner,
        r.source_id,
        f.flag,
        f.purpose,
        f.value,
        r.extract_on,
        r.seen_on,
        f.strictness,
        f.is_authoritative
    FROM intake_flags AS f
    INNER JOIN intake_rows AS r
        ON f.dataset = r.dataset AND f.file = r.file AND f.row_number = r.row_number
    SEMI JOIN intake_current AS c
        ON r.dataset = c.dataset AND r.file = c.file AND r.row_number = c.row_number
    UNION ALL
    SELECT
        h.dataset,
        h.partner,
        h.source_id,
        h.flag,
        h.purpose,
        h.value,
        h.extract_on,
        h.seen_on,
        h.strictness,
        false AS is_authoritative
    FROM intake_held_flags AS h
),

stated AS (
    SELECT
        dataset,
        partner,
        source_id,
        flag,
        purpose,
        arg_max(value, (extract_on, seen_on, strictness)) AS value,
        max(extract_on) AS stated_on,
        bool_or(is_authoritative) AS is_authoritative
    FROM statements
    GROUP BY dataset, partner, source_id, flag, purpose
),

newest AS (
    SELECT
        dataset,
        max(extract_on) AS newest_on
    FROM intake_extracts
    WHERE is_full AND is_whole
    GROUP BY dataset
)

SELECT
    s.dataset,
    s.partner,
    s.source_id,
    s.flag,
    s.purpose,
    CASE WHEN s.is_authoritative AND s.stated_on < n.newest_on THEN 'no' ELSE s.value END AS value,
    CASE
        WHEN s.is_authoritative AND s.stated_on < n.newest_on THEN n.newest_on ELSE s.stated_on
    END AS stated_on
FROM stated AS s
LEFT JOIN newest AS n ON s.dataset = n.dataset
ORDER BY s.dataset, s.source_id, s.flag, s.purpose
