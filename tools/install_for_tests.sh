#!/usr/bin/env bash
# What `make test` needs beside Python and Node: a browser, a PostgreSQL server, and the libraries that set PDFs.
# On Debian as root it installs what is missing; elsewhere it says what to install.
set -euo pipefail
missing=()
{ command -v chromium-headless-shell || command -v chromium; } >/dev/null || missing+=(chromium-headless-shell)
{ command -v initdb || ls /usr/lib/postgresql/*/bin/initdb; } >/dev/null 2>&1 || missing+=(postgresql)
ldconfig -p 2>/dev/null | grep -q 'libpangoft2-1.0' || missing+=(libpangoft2-1.0-0)
[ ${#missing[@]} -eq 0 ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends "${missing[@]}" fonts-dejavu-core >/dev/null
else
  echo "Install first: ${missing[*]}" >&2
  exit 1
fi
