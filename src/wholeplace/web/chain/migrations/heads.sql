-- grain: chain_head has one row a head taken; chain_countersignature one row a partner and size
-- reads: chain_entry
CREATE TABLE chain_head (
    number bigint PRIMARY KEY CHECK (number > 0),
    size bigint NOT NULL CHECK (size >= 0),
    root char(64) NOT NULL,
    taken_at timestamptz NOT NULL,
    key char(64) NOT NULL,
    signature char(128) NOT NULL,
    peaks text[] NOT NULL
);

CREATE TABLE chain_countersignature (
    partner varchar(60) NOT NULL,
    size bigint NOT NULL CHECK (size >= 0),
    document text NOT NULL,
    received_from varchar(60) NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (partner, size)
);

CREATE FUNCTION chain_check_head() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    newest chain_head%ROWTYPE;
BEGIN
    SELECT * INTO newest FROM chain_head ORDER BY number DESC LIMIT 1;
    IF NEW.number <> coalesce(newest.number, 0) + 1
        OR NEW.size < newest.size OR NEW.taken_at < newest.taken_at THEN
        RAISE EXCEPTION 'a head must follow the newest one' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER chain_head_follows
BEFORE INSERT ON chain_head
FOR EACH ROW EXECUTE FUNCTION chain_check_head();

CREATE TRIGGER chain_head_stays
BEFORE UPDATE OR DELETE OR TRUNCATE ON chain_head
FOR EACH STATEMENT EXECUTE FUNCTION chain_refuse_change();

CREATE TRIGGER chain_countersignature_stays
BEFORE UPDATE OR DELETE OR TRUNCATE ON chain_countersignature
FOR EACH STATEMENT EXECUTE FUNCTION chain_refuse_change();

-- Where the site has a role of its own, it may add and read, and nothing else.
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'wholeplace') THEN
        REVOKE ALL ON chain_head, chain_countersignature FROM wholeplace;
        GRANT SELECT, INSERT ON chain_head, chain_countersignature TO wholeplace;
    END IF;
END
$$;
