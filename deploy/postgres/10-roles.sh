#!/bin/sh
# PostgreSQL's image runs this once, on an empty volume.
set -eu
psql --no-psqlrc --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
    --set owner_password="$POSTGRES_OWNER_PASSWORD" --set app_password="$POSTGRES_APP_PASSWORD" \
    --file /deploy/roles.sql
