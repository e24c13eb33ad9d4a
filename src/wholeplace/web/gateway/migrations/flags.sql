-- A statement about a flag is never changed: a later one stands in its place. Erasure may delete.
CREATE FUNCTION gateway_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a statement about a flag is never changed';
END
$$;

CREATE TRIGGER statements_are_never_changed
BEFORE UPDATE ON gateway_flagstatement
FOR EACH ROW EXECUTE FUNCTION gateway_refuse_change();

CREATE TRIGGER anchors_are_never_changed
BEFORE UPDATE ON gateway_flaganchor
FOR EACH ROW EXECUTE FUNCTION gateway_refuse_change();
