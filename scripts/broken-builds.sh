#!/usr/bin/env bash
# Builds the program with one guard removed, three times, and demands that the
# linearizability test notices each: a proof that cannot fail proves nothing.
#
#   broken_unique   a party can have two verdicts on one version: no key, no turns
#   broken_version  the version on the sender's page is not compared
#   broken_read     what is decided on is read outside the transaction
#
# Each build has three goes of a few seconds on each database, as chance will have it.
set -euo pipefail

caught() {
	local tag=$1 engine=$2 out found telling
	for _ in 1 2 3; do
		if out=$(LIANSHEN_LINEAR=3s go test -tags "$tag" -count=1 -run "^TestLinear\$/^$engine\$" ./internal/supervise 2>&1); then
			continue
		fi
		if grep -q VIOLATION <<<"$out"; then
			found=$(grep -o 'VIOLATION.*' <<<"$out")
			telling=$(grep -m 1 -v refused <<<"$found" || head -n 1 <<<"$found")
			printf 'broken build %s, %s: caught, %s\n' "$tag" "$engine" "$(cut -c -160 <<<"$telling")"
			return 0
		fi
		printf '%s\n' "$out" >&2
		printf 'broken build %s, %s: fails, but not with a violation\n' "$tag" "$engine" >&2
		return 1
	done
	printf 'broken build %s, %s: NOT caught\n' "$tag" "$engine" >&2
	return 1
}

engines=(sqlite)
if [ -n "${LIANSHEN_TEST_POSTGRES:-}" ]; then engines+=(postgres); fi
for tag in broken_unique broken_version broken_read; do
	for engine in "${engines[@]}"; do caught "$tag" "$engine"; done
done
