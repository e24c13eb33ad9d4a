-- What the site's role may do with tables that the owner makes. Run in the database `wholeplace`.
GRANT USAGE ON SCHEMA public TO wholeplace;
ALTER DEFAULT PRIVILEGES FOR ROLE wholeplace_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO wholeplace;
ALTER DEFAULT PRIVILEGES FOR ROLE wholeplace_owner IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO wholeplace;
