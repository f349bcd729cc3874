# Finds a Node and a Python that run, and says how to get them. Sourced by setup.sh.

say() {
  printf 'meridian: %s\n' "$*" >&2
}
fail() {
  say "$*"
  exit 1
}

require_platform() {
  machine=$(uname -m)
  [ "$(uname -s)" = Linux ] || fail "this is $(uname -s); Meridian runs on Linux (glibc)"
  getconf GNU_LIBC_VERSION >/dev/null 2>&1 || fail 'this Linux has no glibc (Alpine?); use Debian, Ubuntu, Fedora or the like'
  [ "$machine" = x86_64 ] ||
    fail "this machine is $machine; casatools, python-casacore and aoflagger publish wheels for x86_64 only"
}

# Python environment 2.5 GiB (linked from its cache), npm packages 0.8, programs 0.3, npm's cache 0.2; and some room.
NEEDED_GIB=6
require_disk() {
  free_gib=$(($(df -Pk -- "$1" | awk 'NR == 2 { print $4 }') / 1048576))
  [ "$free_gib" -ge "$NEEDED_GIB" ] || fail "set-up needs $NEEDED_GIB GiB on the disk of $1, which has $free_gib GiB free"
}

require_node() {
  how='get it from https://nodejs.org or, on Debian and Ubuntu, with: apt-get install nodejs npm'
  version=$(node --version 2>/dev/null) || fail "Node.js 20 or newer is needed and none was found; $how"
  major=${version#v}
  major=${major%%.*}
  [ "$major" -ge 20 ] 2>/dev/null || fail "Node.js 20 or newer is needed, found $version ($(command -v node)); $how"
  npm --version >/dev/null 2>&1 || fail "npm is needed and was not found beside Node.js $version; $how"
}

python_serves() {
  "$1" -c 'import sys, ssl, zlib, ctypes, venv; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' >/dev/null 2>&1
}

# A name that is found may still not run (a pyenv shim of an inactive version): each candidate is tried.
require_python() {
  for candidate in "${MERIDIAN_PYTHON:-}" python3 python3.12 python3.13 python3.11 \
    /usr/bin/python3 /usr/local/bin/python3 "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.1[123]*/bin/python3; do
    [ -n "$candidate" ] || continue
    if python_serves "$candidate"; then
      python=$("$candidate" -c 'import sys; print(sys.executable)')
      return 0
    fi
  done
  found=$(python3 --version 2>/dev/null || echo 'no Python 3')
  fail "Python 3.11, 3.12 or 3.13 is needed, found $found; on Debian and Ubuntu: apt-get install python3 (or name one in MERIDIAN_PYTHON)"
}
