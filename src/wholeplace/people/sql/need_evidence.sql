-- grain: person_id, framework, need, event_id
-- reads: needs_shown, condition_matches, timeline
-- units: conditions is a sorted list of condition numbers of need_conditions
-- Every event that shows a need, and which conditions of its rule the event meets.
WITH matched AS (
    SELECT
        needs_shown.person_id,
        needs_shown.framework,
        needs_shown.need,
        condition_matches.event_id,
        list_sort(list(condition_matches.condition)) AS conditions
    FROM needs_shown
    INNER JOIN condition_matches
        ON
            needs_shown.condition = condition_matches.condition
            AND needs_shown.person_id = condition_matches.person_id
    GROUP BY
        needs_shown.person_id,
        needs_shown.framework,
        needs_shown.need,
        condition_matches.event_id
)

SELECT
    matched.person_id,
    matched.framework,
    matched.need,
    matched.event_id,
    timeline.partner,
    timeline.kind,
    timeline.start_on,
    matched.conditions
FROM matched
INNER JOIN timeline ON matched.event_id = timeline.event_id
