#!/bin/sh
# Runs the command "qa". Secrets come from files, so that they are in no image, no compose file and no "docker inspect".
set -eu

secrets=${SECRETS:-/run/secrets}

if [ -r "$secrets/postgres_password" ]; then
  PGPASSWORD=$(cat "$secrets/postgres_password")
  export PGPASSWORD
fi

# An empty file means that there is no model.
if [ -s "$secrets/openai_api_key" ]; then
  OPENAI_API_KEY=$(cat "$secrets/openai_api_key")
  export OPENAI_API_KEY
fi

exec qa "$@"
