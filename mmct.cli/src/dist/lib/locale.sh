# Finds a locale that Java can name files in. Read by bin/mmct.

# Names of files are UTF-8. Where no locale says so (Docker, cron, systemd), Java refuses every letter
# beyond ASCII or takes it for a question mark.
use_utf8() {
  is_utf8 && return
  for LC_ALL in C.UTF-8 C.utf8 en_US.UTF-8; do
    export LC_ALL
    is_utf8 && return
  done
  LC_ALL=C.UTF-8
}

# Whether the locale in force is there and is one of UTF-8; without the system's word, what it is called.
is_utf8() {
  case $(locale charmap 2>/dev/null || printf '%s' "${LC_ALL:-${LC_CTYPE:-${LANG:-}}}") in
    *[Uu][Tt][Ff]-8 | *[Uu][Tt][Ff]8) ;;
    *) return 1 ;;
  esac
}
