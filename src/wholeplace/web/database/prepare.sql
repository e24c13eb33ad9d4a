-- Makes the roles of a new cluster. Run once, in the database `postgres`, by its superuser.
-- The owner owns the tables and changes their shape; the site itself connects as `wholeplace`,
-- which may neither rewrite the trail nor change a table.
CREATE ROLE wholeplace_owner LOGIN;
CREATE ROLE wholeplace LOGIN;
CREATE DATABASE wholeplace OWNER wholeplace_owner;
REVOKE ALL ON DATABASE wholeplace FROM PUBLIC;
GRANT CONNECT ON DATABASE wholeplace TO wholeplace;
