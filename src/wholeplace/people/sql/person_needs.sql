-- grain: person_id, framework, need
-- reads: need_evidence, needs_shown
-- units: since_on and newest_on are first days of evidence; evidence is a count of events
-- Every need that the rules show, with how old and how new its evidence is.
WITH named AS (
    SELECT DISTINCT person_id, framework, need, headline
    FROM needs_shown
)

SELECT
    named.person_id,
    named.framework,
    named.need,
    named.headline,
    min(need_evidence.start_on) AS since_on,
    max(need_evidence.start_on) AS newest_on,
    count(*) AS evidence
FROM named
INNER JOIN need_evidence
    ON
        named.person_id = need_evidence.person_id
        AND named.framework = need_evidence.framework
        AND named.need = need_evidence.need
GROUP BY named.person_id, named.framework, named.need, named.headline
