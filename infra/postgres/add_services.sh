#!/bin/sh
# Give each service a role and a database that it alone can enter. The postgres image runs this once,
# when its volume is empty.
set -eu
for service in members funding diagnostics roadmap exchange portal; do
  psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --username=postgres --dbname=postgres \
    --set=name="$service" --set=password="$(cat "${SECRETS:-/run/secrets}/${service}_database")" <<'SQL'
SET log_min_error_statement = panic;
CREATE ROLE :"name" LOGIN PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"name";
REVOKE ALL ON DATABASE :"name", postgres, template1 FROM PUBLIC;
SQL
done
