#!/bin/sh
# install_apt_packages.sh PACKAGE...: run as root; bounded in time, asks nothing.
set -eu
export DEBIAN_FRONTEND=noninteractive
network='-o Acquire::Retries=1 -o Acquire::http::Timeout=20 -o Acquire::https::Timeout=20 -o DPkg::Lock::Timeout=60'
timeout 120 apt-get $network update
exec timeout 300 apt-get $network install -y --no-install-recommends "$@"
