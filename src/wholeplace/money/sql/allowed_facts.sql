-- grain: recipient, source, field
-- reads: countable_facts
-- params: recipient, facts
-- The facts counted by the run that everybody who is shown the count may have counted today.
SELECT recipient, source, field, consent
FROM main.countable_facts
WHERE recipient = $recipient AND source || '/' || field IN ($facts)
