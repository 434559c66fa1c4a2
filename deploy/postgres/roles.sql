-- The two roles and the database. Run it once, as a superuser:
--   psql -v owner_password=... -v app_password=... -f roles.sql
-- The owner migrates; the application is bound by row-level security. Neither is a superuser.
CREATE ROLE training_analyzer_owner
    LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD :'owner_password';
CREATE ROLE training_analyzer_app
    LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD :'app_password';
CREATE DATABASE training_analyzer OWNER training_analyzer_owner;
REVOKE ALL ON DATABASE training_analyzer FROM PUBLIC;
GRANT CONNECT ON DATABASE training_analyzer TO training_analyzer_app;
