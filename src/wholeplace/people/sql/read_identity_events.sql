-- grain: happened_on, kind, old_id, new_id
-- reads: identity_events
-- Everything that ever happened to an id: merged, split, retired.
SELECT happened_on, kind, old_id, new_id
FROM identity_events
ORDER BY happened_on, kind, old_id, new_id
