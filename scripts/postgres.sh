#!/usr/bin/env bash
# A throw-away PostgreSQL for tests: a fresh data folder, a loopback port, a
# random password, and no fsync unless asked for. Nothing in it is meant to be kept.
#
#   scripts/postgres.sh with COMMAND...  run COMMAND with LIANSHEN_TEST_POSTGRES set, then remove the server;
#                                        without PostgreSQL run it all the same, unless
#                                        LIANSHEN_TEST_POSTGRES_REQUIRED is set
#   scripts/postgres.sh database         make a fresh database on the server of LIANSHEN_TEST_POSTGRES, print its URL
#   scripts/postgres.sh hold             print the URL, keep the server until standard input ends
#   scripts/postgres.sh start DIR        start one in the new folder DIR and print its URL
#   scripts/postgres.sh url DIR          print that URL again
#   scripts/postgres.sh stop DIR         stop it and remove DIR
#
# Exit code 3: PostgreSQL is not installed (on Debian: apt-get install postgresql).
# LIANSHEN_POSTGRES_DURABLE=1 makes one that syncs, on a disk: for measuring.
# LIANSHEN_POSTGRES_BIN names the folder of its programs where it is not Debian's.
set -euo pipefail

say() { printf 'postgres.sh: %s\n' "$*" >&2; }

# The newest version that is installed, or the one asked for.
programs() {
	local found
	found=$(compgen -G '/usr/lib/postgresql/*/bin/initdb' | sort -V | tail -n 1) || true
	if [ -x "${LIANSHEN_POSTGRES_BIN:-}/initdb" ]; then
		echo "$LIANSHEN_POSTGRES_BIN"
	elif [ -n "${LIANSHEN_POSTGRES_BIN:-}" ]; then
		say "no initdb in $LIANSHEN_POSTGRES_BIN"
		return 3
	elif [ -n "$found" ]; then
		dirname "$found"
	elif command -v initdb >/dev/null; then
		dirname "$(command -v initdb)"
	else
		say 'PostgreSQL is not installed; on Debian: apt-get install postgresql'
		return 3
	fi
}

# PostgreSQL refuses to run as root, so root borrows the account that the
# Debian package made.
as_owner() {
	if [ "$(id -u)" = 0 ]; then
		setpriv --reuid postgres --regid postgres --init-groups env -C / "$@"
	else
		env -C / "$@"
	fi
}

start() {
	local dir=$1 bin password port
	bin=$(programs) || return
	mkdir "$dir"
	# The password keeps other users of the machine away from a superuser who
	# could start programs through SQL.
	password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
	(umask 077 && echo "$password" >"$dir/password")
	if [ "$(id -u)" = 0 ]; then chown -R postgres: "$dir"; fi

	if ! as_owner "$bin/initdb" -D "$dir/data" -U postgres --pwfile "$dir/password" -A scram-sha-256 \
		-E UTF8 --locale C --no-sync >"$dir/initdb.log" 2>&1; then
		cat "$dir/initdb.log" >&2
		return 1
	fi
	# Another program may take a port between our choice and the start, so try a few.
	for _ in 1 2 3 4 5; do
		port=$((20000 + $(od -An -N2 -tu2 /dev/urandom) % 12000))
		if as_owner "$bin/pg_ctl" -D "$dir/data" -l "$dir/data/server.log" -w -t 60 -o "-p $port \
			-c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=200 \
			$(durability)" start >"$dir/start.log" 2>&1; then
			(umask 077 && echo "postgres://postgres:$password@127.0.0.1:$port/postgres?sslmode=disable" >"$dir/url")
			cat "$dir/url"
			return
		fi
	done
	cat "$dir/start.log" "$dir/data/server.log" >&2
	return 1
}

# What tests lose with the machine they make again. What is measured has to cost
# what it costs in use.
durability() {
	if [ -n "${LIANSHEN_POSTGRES_DURABLE:-}" ]; then
		echo '-c fsync=on -c synchronous_commit=on -c shared_buffers=256MB -c max_wal_size=2GB'
	else
		echo '-c fsync=off -c full_page_writes=off -c shared_buffers=64MB'
	fi
}

stop() {
	local dir=$1 bin
	# Only a folder that start made is removed.
	[ -f "$dir/password" ] || return 0
	bin=$(programs) || return
	if [ -f "$dir/data/postmaster.pid" ]; then
		as_owner "$bin/pg_ctl" -D "$dir/data" -m immediate -w stop >/dev/null || say "could not stop the server in $dir"
	fi
	rm -rf "$dir"
}

# Making a database took 20 ms in memory and 350 ms on a disk, so memory it is
# where there is enough; containers often have 64 MB.
roomy() {
	local free
	free=$(df --output=avail -k /dev/shm 2>/dev/null | tail -n 1) || free=0
	if [ -z "${TMPDIR:-}${LIANSHEN_POSTGRES_DURABLE:-}" ] && [ "${free:-0}" -ge 1048576 ] && [ -w /dev/shm ]; then
		echo /dev/shm
	else
		echo "${TMPDIR:-/tmp}"
	fi
}

# A folder of its own, which the end of this script stops and removes however it ends.
temporary() {
	parent=$(mktemp -d "$(roomy)/lianshen-postgres.XXXXXX")
	chmod 711 "$parent"
	trap 'stop "$parent/server"; rm -rf "$parent"' EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
}

case "${1:-}" in
start | stop)
	"$1" "$(realpath -m "${2:?name the folder}")"
	;;
url)
	cat "${2:?name the folder}/url"
	;;
database)
	bin=$(programs)
	base=${LIANSHEN_TEST_POSTGRES:?run this inside "scripts/postgres.sh with"}
	name=lianshen_$(od -An -N8 -tx1 /dev/urandom | tr -d ' \n')
	"$bin/psql" -qX -d "$base" -c "create database $name template template0" >&2
	echo "$base" | sed -E "s#/[^/?]*(\?|$)#/$name\1#"
	;;
hold)
	temporary
	start "$parent/server"
	cat >/dev/null
	;;
with)
	shift
	if [ -z "${LIANSHEN_TEST_POSTGRES:-}" ] && { [ -n "${LIANSHEN_TEST_POSTGRES_REQUIRED:-}" ] || programs >/dev/null; }; then
		temporary
		LIANSHEN_TEST_POSTGRES=$(start "$parent/server")
		export LIANSHEN_TEST_POSTGRES
	fi
	"$@"
	;;
*)
	sed -n '2,/^set/s/^# \{0,1\}//p' "$0" >&2
	exit 2
	;;
esac
