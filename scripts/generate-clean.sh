#!/usr/bin/env bash
# Fails if a generated file is not what its source says: generates all again and
# compares with what stood there. Works with uncommitted changes, too.
set -euo pipefail
cd "$(dirname "$0")/.."

state() { git ls-files -z --cached --others --exclude-standard | xargs -0 sha256sum 2>/dev/null | sort -k 2; }

before=$(state)
make --no-print-directory generate
if ! stale=$(diff <(echo "$before") <(state)); then
	echo 'These files were not what "make generate" makes; they are now, so commit them:' >&2
	echo "$stale" | awk '/^[<>]/ {print "  " $3}' | sort -u >&2
	exit 1
fi
