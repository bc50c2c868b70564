# Sourced by the programs beside it: where things are, which Java runs, and whether a prepared archive of its classes fits.
# POSIX sh. Everything that is set here can be set in the environment instead.
# shellcheck shell=sh disable=SC2034

say() { printf '%s\n' "$*"; }
fail() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

ROBUSTMQ_HOME=${ROBUSTMQ_HOME:-$(CDPATH='' cd -- "$(dirname -- "$self")/.." && pwd -P)} || exit 1
ROBUSTMQ_JAR=${ROBUSTMQ_JAR:-$ROBUSTMQ_HOME/lib/robustmq.jar}
ROBUSTMQ_JVM_OPTIONS=${ROBUSTMQ_JVM_OPTIONS:-$ROBUSTMQ_HOME/config/jvm.options}
[ -r "$ROBUSTMQ_JAR" ] || fail "$ROBUSTMQ_JAR is missing"

# The Java that runs everything, and its version as a number.
find_java() {
  if [ -n "${JAVA_HOME:-}" ]; then
    java=$JAVA_HOME/bin/java
    [ -x "$java" ] || fail "JAVA_HOME is $JAVA_HOME, where no bin/java is"
  else
    java=$(command -v java) || fail "no java was found: install a Java 17 or newer, or set JAVA_HOME"
  fi
  java_real=$(readlink -f "$java" 2>/dev/null) || java_real=$java
  java_version=
  release=${java_real%/bin/java}/release
  if [ -r "$release" ]; then
    while IFS='=' read -r release_key release_value; do
      if [ "$release_key" = JAVA_VERSION ]; then
        java_version=${release_value#\"}
        java_version=${java_version%%[!0-9]*}
      fi
    done <"$release"
  fi
  if [ -z "$java_version" ]; then
    java_version=$("$java" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p')
  fi
  [ "${java_version:-0}" -ge 17 ] || fail "$java is version ${java_version:-unknown}; Java 17 or newer is needed"
}

# What an archive of classes belongs to: this Java, this jar with the drivers beside it, these options. Sizes and times, no contents: it
# is asked at each start.
fingerprint() {
  set -- "$java_real" "$ROBUSTMQ_JAR" "$ROBUSTMQ_JVM_OPTIONS"
  for driver in "${ROBUSTMQ_JAR%/*}"/drivers/*.jar; do
    [ ! -e "$driver" ] || set -- "$@" "$driver"
  done
  stat -L -c '%s %Y %n' "$@" 2>/dev/null || stat -L -f '%z %m %N' "$@" 2>/dev/null || cksum "$@"
}

# Sets archive and its kind: Java from 25 on keeps more than classes in an AOT cache.
name_archive() {
  archive_dir=${ROBUSTMQ_ARCHIVE_DIR:-$ROBUSTMQ_HOME/lib}
  if [ "$java_version" -ge 25 ]; then
    archive=$archive_dir/robustmq-$java_version.aot
    archive_option=-XX:AOTCache=$archive
    archive_making=-XX:AOTCacheOutput
  else
    archive=$archive_dir/robustmq-$java_version.jsa
    archive_option=-XX:SharedArchiveFile=$archive
    archive_making=-XX:ArchiveClassesAtExit
  fi
}
