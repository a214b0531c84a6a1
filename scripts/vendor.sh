#!/usr/bin/env bash
# Refreshes the browser libraries that are committed under internal/web/static/vendor, the icon sprite and THIRD_PARTY.md,
# from the versions pinned in scripts/vendor/package-lock.json. Needs npm; nothing else of the build does.
# The copies are unmodified: internal/web/static/vendor/manifest.sha256 says so, and a Go test recomputes it.
set -euo pipefail
cd "$(dirname "$0")/.."

from=scripts/vendor
to=internal/web/static/vendor
trap 'rm -rf "$from/node_modules"' EXIT
(cd "$from" && npm ci --ignore-scripts --no-audit --no-fund)

version() { node -p "require('./$from/node_modules/$1/package.json').version"; }
rm -rf "$to"
mkdir -p "$to"
cp "$from/node_modules/bootstrap/dist/css/bootstrap.min.css" "$to/bootstrap-$(version bootstrap).min.css"
cp "$from/node_modules/htmx.org/dist/htmx.min.js" "$to/htmx-$(version htmx.org).min.js"
cp "$from/node_modules/idiomorph/dist/idiomorph-ext.min.js" "$to/idiomorph-ext-$(version idiomorph).min.js"

# The sprite: the Tabler outlines named in icons.txt, and our own logo.
{
	printf '<svg xmlns="http://www.w3.org/2000/svg">'
	for name in $(cat "$from/icons.txt"); do
		node -e '
			const [name, file] = process.argv.slice(1)
			const text = require("fs").readFileSync(file, "utf8")
			const body = text.replace(/^[^]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "").replace(/<path stroke="none"[^>]*>/, "")
			process.stdout.write(`<symbol id="i-${name}" viewBox="0 0 24 24">${body.replace(/\s*\n\s*/g, "").replace(/ \/>/g, "/>").trim()}</symbol>`)
		' "$name" "$from/node_modules/@tabler/icons/icons/outline/$name.svg"
	done
	tr -d '\n' < "$from/logo.svg"
	printf '</svg>\n'
} > "$to/icons.svg"

(cd "$to" && sha256sum -- * > ../manifest.sha256 && mv ../manifest.sha256 manifest.sha256)

{
	echo "# Third-party works in the pages"
	echo
	echo "These files are served to browsers. They are copied unmodified by \`scripts/vendor.sh\`; \`icons.svg\` holds outlines of Tabler Icons, joined into one file, and our own logo. The licences of the Go modules are in the modules themselves (\`go.mod\`). One of them, go-pdfium, carries PDFium (BSD 3-Clause and Apache 2.0) as WebAssembly, which the program embeds."
	for name in bootstrap htmx.org idiomorph @tabler/icons; do
		echo
		echo "## $name $(version "$name")"
		echo
		echo '```'
		cat "$from/node_modules/$name/LICENSE"
		echo
		echo '```'
	done
} > THIRD_PARTY.md
