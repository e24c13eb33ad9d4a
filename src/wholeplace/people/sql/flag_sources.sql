-- grain: dataset, flag, purpose
-- reads: flag_mappings, newest_extracts
-- params: as_of
-- units: fresh_days in days; newest_on is the day of the newest extract
-- Which dataset states which flag, whether absence from it means no, and whether its newest
-- extract is fresh. A dataset that never came is not fresh.
SELECT
    flag_mappings.dataset,
    flag_mappings.partner,
    flag_mappings.flag,
    flag_mappings.purpose,
    bool_and(flag_mappings.is_authoritative) AS is_authoritative,
    coalesce(
        bool_and(
            date_diff('day', newest_extracts.newest_on, cast($as_of AS DATE))
            <= flag_mappings.fresh_days
        ),
        false
    ) AS is_fresh,
    max(newest_extracts.newest_on) AS newest_on,
    min(flag_mappings.fresh_days) AS fresh_days
FROM flag_mappings
LEFT JOIN newest_extracts ON flag_mappings.dataset = newest_extracts.dataset
GROUP BY
    flag_mappings.dataset, flag_mappings.partner, flag_mappings.flag, flag_mappings.purpose
