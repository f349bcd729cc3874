#!/bin/sh
# Gives the home in the volume the tools of this image, then runs one of our programs: worker/main, api/main, …
set -eu
for folder in tools venv; do
  ln -sfn "/opt/meridian-tools/$folder" "$MERIDIAN_HOME/$folder"
done
exec /opt/meridian/node_modules/.bin/node --enable-source-maps "/opt/meridian/dist/$1.js"
