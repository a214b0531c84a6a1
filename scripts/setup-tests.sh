#!/usr/bin/env bash
# Installs what the tests need and this machine lacks: PostgreSQL, Chromium, a
# Chinese font, a C compiler (for the race detector), Node 20 or newer, the two Node
# packages of e2e/, and an S3 service to test against. On Debian and its kin, as root or through sudo; says
# what is missing elsewhere. Does nothing, quickly, if all is there.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf 'setup-tests: %s\n' "$*"; }

have_postgres() { compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb >/dev/null || [ -x "${LIANSHEN_POSTGRES_BIN:-}/initdb" ]; }
have_chromium() { [ -x "${CHROMIUM:-/usr/bin/chromium}" ]; }
have_font() { command -v fc-list >/dev/null && [ -n "$(fc-list :lang=zh-cn family)" ]; }
have_npm() { command -v npm >/dev/null; }
# What Makefile puts in front of PATH counts as well.
node_major() { PATH="$PWD/.tools/node/node_modules/.bin:$PATH" node -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0; }

packages=()
have_postgres || packages+=(postgresql)
have_chromium || packages+=(chromium)
have_font || packages+=(fontconfig fonts-noto-cjk)
have_npm || packages+=(nodejs npm)
command -v cc >/dev/null || packages+=(gcc libc6-dev)

if [ ${#packages[@]} -gt 0 ]; then
	if ! command -v apt-get >/dev/null; then
		say "please install: ${packages[*]} (names of Debian packages)" >&2
		exit 1
	fi
	root=()
	if [ "$(id -u)" != 0 ]; then
		command -v sudo >/dev/null || { say "as root: apt-get install ${packages[*]}" >&2; exit 1; }
		root=(sudo)
	fi
	say "installing ${packages[*]}"
	"${root[@]}" apt-get update -qq
	"${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "${packages[@]}" </dev/null
fi

# Debian 12 has Node 18, which the browser driver no longer supports.
if [ "$(node_major)" -lt 20 ]; then
	say 'installing Node 22 into .tools/node'
	mkdir -p .tools/node
	npm install --silent --no-save --prefix .tools/node node@22.23.3
fi

# npm ci only when the lock file is newer than what it made.
if [ ! -f e2e/node_modules/.package-lock.json ] || [ e2e/package-lock.json -nt e2e/node_modules/.package-lock.json ]; then
	say 'installing the packages of e2e/'
	PATH="$PWD/.tools/node/node_modules/.bin:$PATH" npm ci --silent --prefix e2e
fi

# Built by Go from its source, which the checksum database of Go vouches for.
if [ ! -x .tools/bin/versitygw ] && ! command -v versitygw >/dev/null; then
	say 'building versitygw into .tools/bin'
	GOFLAGS='' GOBIN="$PWD/.tools/bin" go install github.com/versity/versitygw/cmd/versitygw@v1.8.0
fi
