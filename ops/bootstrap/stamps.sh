# Which set-up steps are done: each leaves, inside what it made, the hash of what it was made from.
# Sourced by ./meridian and setup.sh; needs $root and $MERIDIAN_HOME. Must stay fast: it runs on every call.

SOURCE_FOLDERS='domain workflows activities registry worker api cli services config'

npm_stamp=$root/node_modules/.meridian-stamp
build_stamp=$root/dist/.meridian-stamp
tools_stamp=$MERIDIAN_HOME/tools/.meridian-stamp
venv_stamp=$MERIDIAN_HOME/venv/.meridian-stamp
# Tools of the machine are tried once; a refusal (no network, no rights) is not asked for again on every call.
machine_stamp=$MERIDIAN_HOME/run/machine-tools-stamp

hash_of_files() {
  (cd "$root" && cat -- "$@") | sha256sum | cut -d' ' -f1
}

# Names and contents of all sources: a rename or a deletion counts, a mere touch does not.
hash_of_sources() {
  (
    cd "$root"
    # A folder may be absent from a partial checkout; find then says so and goes on.
    find $SOURCE_FOLDERS -type f \( -name '*.ts' -o -name '*.json' \) -print0 2>/dev/null | LC_ALL=C sort -z | xargs -0 sha256sum --
    sha256sum -- package-lock.json tsconfig.json tsconfig.build.json ops/bootstrap/build.mjs
  ) | sha256sum | cut -d' ' -f1
}

stamp_is() {
  [ -f "$1" ] && [ "$(cat -- "$1")" = "$2" ]
}

npm_is_current() {
  npm_wanted=$(hash_of_files package-lock.json)
  stamp_is "$npm_stamp" "$npm_wanted"
}
build_is_current() {
  build_wanted=$(hash_of_sources)
  stamp_is "$build_stamp" "$build_wanted"
}
tools_are_current() {
  tools_wanted=$(hash_of_files ops/bootstrap/tools.txt)
  stamp_is "$tools_stamp" "$tools_wanted"
}
venv_is_current() {
  venv_wanted=$(hash_of_files compute/uv.lock)
  stamp_is "$venv_stamp" "$venv_wanted" && [ -x "$MERIDIAN_HOME/venv/bin/python" ]
}

missing_machine_tools() {
  for tool in wsclean aoflagger; do
    command -v "$tool" >/dev/null 2>&1 || printf '%s ' "$tool"
  done
  command -v SWarp >/dev/null 2>&1 || command -v swarp >/dev/null 2>&1 || printf 'swarp '
}
machine_tools_are_settled() {
  [ -f "$machine_stamp" ] || [ "${MERIDIAN_APT:-yes}" = no ] || [ -z "$(missing_machine_tools)" ]
}

everything_is_current() {
  npm_is_current && tools_are_current && venv_is_current && build_is_current && machine_tools_are_settled
}
