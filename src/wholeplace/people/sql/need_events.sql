-- grain: event_id
-- reads: timeline, person_births
-- params: as_of
-- units: days_since in days, from the last day of the event that is known; age_years in
--   whole years on its first day, null before birth or where the date of birth is not known
-- Events that have happened by the as-of day, with what need rules ask of them.
WITH happened AS (
    SELECT
        timeline.event_id,
        timeline.person_id,
        timeline.kind,
        timeline.start_on,
        timeline.attributes,
        person_births.birth_date,
        timeline.end_on IS NULL OR timeline.end_on >= $as_of AS is_open,
        greatest(
            timeline.start_on, least(coalesce(timeline.end_on, timeline.start_on), $as_of)
        ) AS last_on
    FROM timeline
    LEFT JOIN person_births ON timeline.person_id = person_births.person_id
    WHERE timeline.start_on <= $as_of
)

SELECT
    event_id,
    person_id,
    kind,
    start_on,
    attributes,
    is_open,
    date_diff('day', last_on, cast($as_of AS DATE)) AS days_since,
    CASE
        WHEN start_on >= birth_date
            THEN
                year(start_on) - year(birth_date)
                - CASE
                    WHEN
                        month(start_on) * 100 + day(start_on)
                        < month(birth_date) * 100 + day(birth_date)
                        THEN 1
                    ELSE 0
                END
    END AS age_years
FROM happened
