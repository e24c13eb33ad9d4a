-- grain: person_id
-- reads: person_records, subject_flags
-- params: purpose
-- units: consent is yes, no, unknown or unstated
-- Everybody who may be counted at all, with what is known of their consent to it. Left out:
-- people who are sealed or restricted, who object to the purpose or to everything, and who
-- opted out of planning; unknown leaves out as yes does. See `agreements.counting`.
WITH blocked AS (
    SELECT DISTINCT person_id
    FROM subject_flags
    WHERE
        value <> 'no'
        AND (
            flag IN ('sealed', 'restricted', 'national-opt-out')
            OR (flag = 'objection' AND purpose IN ('', $purpose))
        )
),

consent AS (
    SELECT
        person_id,
        CASE max(CASE value WHEN 'no' THEN 2 WHEN 'unknown' THEN 1 ELSE 0 END)
            WHEN 2 THEN 'no'
            WHEN 1 THEN 'unknown'
            ELSE 'yes'
        END AS value
    FROM subject_flags
    -- An agreement to everything is no agreement to this; a refusal of everything is one.
    WHERE flag = 'consent' AND (purpose = $purpose OR (purpose = '' AND value <> 'yes'))
    GROUP BY person_id
)

SELECT everybody.person_id, coalesce(consent.value, 'unstated') AS consent
FROM (SELECT DISTINCT person_id FROM person_records) AS everybody
ANTI JOIN blocked ON everybody.person_id = blocked.person_id
LEFT JOIN consent ON everybody.person_id = consent.person_id
