#!/bin/sh
# Installs and builds what the stamps say is missing. Called by ./meridian with the checkout's path.
# Steps that do not need each other run side by side; each has a log under $MERIDIAN_HOME/logs/setup.
set -eu

root=$1
bootstrap=$root/ops/bootstrap
. "$bootstrap/stamps.sh"
. "$bootstrap/find-programs.sh"
. "$bootstrap/steps.sh"

logs=$MERIDIAN_HOME/logs/setup
state=$MERIDIAN_HOME/run/setup
for folder in "$logs" "$MERIDIAN_HOME/run" "$MERIDIAN_HOME/cache" "$root/.cache"; do
  mkdir -p -- "$folder" 2>/dev/null && [ -w "$folder" ] ||
    fail "set-up is needed and cannot write to $folder: make it writable, or set MERIDIAN_HOME to a folder that is"
done

# One set-up at a time per checkout; the kernel frees the lock when its holder dies.
take_lock() {
  if command -v flock >/dev/null 2>&1; then
    exec 9>"$root/.cache/setup.lock"
    flock -n 9 && return 0
    say 'another set-up is running in this checkout, waiting for it'
    flock 9
    return 0
  fi
  lock=$root/.cache/setup.lock.d
  until mkdir "$lock" 2>/dev/null; do
    holder=$(cat "$lock/pid" 2>/dev/null || echo none)
    if [ "$holder" != none ] && ! kill -0 "$holder" 2>/dev/null; then
      rm -rf -- "$lock"
      continue
    fi
    sleep 1
  done
  echo $$ >"$lock/pid"
  trap 'rm -rf -- "$lock"' EXIT
}

take_lock
everything_is_current && exit 0

require_platform
require_node
require_python
venv_is_current && npm_is_current || require_disk "$MERIDIAN_HOME"
rm -rf -- "$state"
mkdir -p "$state"

# Three lanes: the build needs npm's packages, the Python environment needs uv, the machine's tools need nothing.
npm_lane() {
  if ! npm_is_current; then run_step npm 'npm packages' install_npm_packages || return; fi
  if ! build_is_current; then run_step build 'program and workflow bundle' build_program; fi
}
python_lane() {
  if ! tools_are_current; then run_step tools 'uv and Temporal' install_tools || return; fi
  if ! venv_is_current; then run_step venv 'Python environment' sync_python; fi
}
machine_lane() {
  if ! machine_tools_are_settled; then run_step machine 'WSClean, SWarp, AOFlagger' install_machine_tools; fi
}

stop_steps() {
  trap - INT TERM
  for pid_file in "$state"/*.pid; do
    [ -f "$pid_file" ] && kill "$(cat "$pid_file")" 2>/dev/null
  done
  say 'set-up interrupted; call ./meridian again to go on'
  exit 130
}
trap stop_steps INT TERM

say "setting up in $MERIDIAN_HOME (steps run side by side; logs in $logs)"
npm_lane &
lanes=$!
python_lane &
lanes="$lanes $!"
machine_lane &
lanes="$lanes $!"
watch_steps $lanes

if ls "$state"/*.failed >/dev/null 2>&1; then
  for failed in "$state"/*.failed; do
    step=$(basename "$failed" .failed)
    say "$(cat "$state/$step.title") failed: $(reason_in_log "$logs/$step.log")"
    say "  full log: $logs/$step.log"
  done
  fail 'set-up is not complete; mend the above and call ./meridian again (finished steps are kept)'
fi
[ -f "$state/machine.note" ] && say "$(cat "$state/machine.note")"
say 'set-up complete'
