# Sourced by ./test and ./bench: Debian packages, if a program is missing.

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  else
    command -v sudo >/dev/null && sudo -n true 2>/dev/null && sudo -n "$@"
  fi
}

# need PROGRAM PACKAGE …
updated=
need() {
  local program=$1
  shift
  command -v "$program" >/dev/null && return
  command -v apt-get >/dev/null && as_root true || return
  if [ -z "$updated" ]; then
    as_root apt-get update -qq >/dev/null 2>&1
    updated=1
  fi
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1
  command -v "$program" >/dev/null
}
