#!/bin/sh
# Makes and updates Temporal's two databases; safe to repeat. Runs in temporalio/admin-tools.
set -eu

prepare() {
  database=$1
  versions=/etc/temporal/schema/postgresql/v12/$2/versioned
  tool() {
    temporal-sql-tool --plugin postgres12 --ep "$POSTGRES_SEEDS" -p "$DB_PORT" -u "$POSTGRES_USER" --db "$database" "$@"
  }
  # Works when the database is there; setting one up again would reset its version.
  tool update-schema -d "$versions" && return
  tool create
  tool setup-schema -v 0.0
  tool update-schema -d "$versions"
}

prepare temporal temporal
prepare temporal_visibility visibility
