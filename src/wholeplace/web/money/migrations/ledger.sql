-- grain: money_poolentry has one row a pool and number; money_poolline one row a side of an entry
-- reads: nothing
-- Entries and signatures are added and never changed; what an entry moves adds up to nothing.
CREATE FUNCTION money_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was entered or signed is never changed' USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE TRIGGER entries_stay
BEFORE UPDATE OR DELETE ON money_poolentry
FOR EACH ROW EXECUTE FUNCTION money_refuse_change();

CREATE TRIGGER lines_stay
BEFORE UPDATE OR DELETE ON money_poolline
FOR EACH ROW EXECUTE FUNCTION money_refuse_change();

CREATE TRIGGER signatures_stay
BEFORE UPDATE OR DELETE ON money_signeddeal
FOR EACH ROW EXECUTE FUNCTION money_refuse_change();

CREATE TRIGGER steps_stay
BEFORE UPDATE OR DELETE ON money_moneystep
FOR EACH ROW EXECUTE FUNCTION money_refuse_change();

CREATE TRIGGER budgets_stay
BEFORE UPDATE OR DELETE ON money_budgetreturn
FOR EACH ROW EXECUTE FUNCTION money_refuse_change();

-- At the end of each transaction: at least two lines, and nothing lost or made.
CREATE FUNCTION money_check_balance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wanted bigint := CASE TG_TABLE_NAME WHEN 'money_poolentry' THEN (to_jsonb(NEW) ->> 'id')::bigint
        ELSE (to_jsonb(NEW) ->> 'entry_id')::bigint END;
    sides integer;
    total numeric;
BEGIN
    SELECT count(*), coalesce(sum(pence), 0) INTO sides, total FROM money_poolline WHERE entry_id = wanted;
    IF sides < 2 OR total <> 0 THEN
        RAISE EXCEPTION 'an entry must balance' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER entries_balance
AFTER INSERT ON money_poolentry DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION money_check_balance();

CREATE CONSTRAINT TRIGGER lines_balance
AFTER INSERT ON money_poolline DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION money_check_balance();

-- Numbers follow each other without a gap, so that an entry taken out by force is seen.
CREATE FUNCTION money_check_number() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM money_poolentry WHERE pool = NEW.pool) THEN
        RAISE EXCEPTION 'an entry must follow the newest one' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER entries_follow
BEFORE INSERT ON money_poolentry
FOR EACH ROW EXECUTE FUNCTION money_check_number();

-- Where the site has a role of its own, it may add and read, and nothing else.
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'wholeplace') THEN
        REVOKE UPDATE, DELETE, TRUNCATE ON money_poolentry, money_poolline, money_signeddeal,
            money_moneystep, money_budgetreturn FROM wholeplace;
    END IF;
END
$$;
