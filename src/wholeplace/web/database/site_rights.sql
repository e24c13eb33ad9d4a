-- What the site's role may do on a server where the tables belong to another role. Run by their
-- owner after the tables were made or changed; {site} is the site's role, {name} its name.
GRANT USAGE ON SCHEMA public TO {site};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {site};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {site};

-- Every table of the trail may be added to and read, and nothing else.
DO $$
DECLARE
    kept text;
BEGIN
    FOR kept IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename LIKE 'chain\_%'
    LOOP
        EXECUTE format('REVOKE ALL ON %I FROM %I', kept, {name});
        EXECUTE format('GRANT SELECT, INSERT ON %I TO %I', kept, {name});
    END LOOP;
END
$$;

-- Destroying a person's key is how their entries come to be about nobody.
GRANT DELETE ON chain_subject_key TO {site};
