-- grain: chain_entry has one row a position; chain_subject_key one row a person
-- reads: nothing
CREATE TABLE chain_entry (
    position bigint PRIMARY KEY CHECK (position > 0),
    event jsonb NOT NULL,
    previous char(64) NOT NULL,
    hash char(64) NOT NULL UNIQUE
);

CREATE INDEX chain_entry_event ON chain_entry USING gin (event jsonb_path_ops);

CREATE TABLE chain_subject_key (
    person_id varchar(80) PRIMARY KEY,
    key bytea NOT NULL CHECK (octet_length(key) = 32)
);

CREATE FUNCTION chain_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the trail is append-only' USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE TRIGGER chain_entry_stays
BEFORE UPDATE OR DELETE OR TRUNCATE ON chain_entry
FOR EACH STATEMENT EXECUTE FUNCTION chain_refuse_change();

CREATE FUNCTION chain_check_place() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    newest chain_entry%ROWTYPE;
BEGIN
    SELECT * INTO newest FROM chain_entry ORDER BY position DESC LIMIT 1;
    IF NEW.position <> coalesce(newest.position, 0) + 1
        OR NEW.previous <> coalesce(newest.hash, repeat('0', 64)) THEN
        RAISE EXCEPTION 'an entry must follow the newest one' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER chain_entry_follows
BEFORE INSERT ON chain_entry
FOR EACH ROW EXECUTE FUNCTION chain_check_place();

-- Where the site has a role of its own, it may add and read, and nothing else.
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'wholeplace') THEN
        REVOKE ALL ON chain_entry FROM wholeplace;
        GRANT SELECT, INSERT ON chain_entry TO wholeplace;
        REVOKE ALL ON chain_subject_key FROM wholeplace;
        GRANT SELECT, INSERT, DELETE ON chain_subject_key TO wholeplace;
    END IF;
END
$$;
