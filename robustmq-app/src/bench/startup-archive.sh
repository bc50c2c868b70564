#!/usr/bin/env bash
# What a start of the distribution costs, as an operator sees it: the archive is unpacked and prepared, then started five times by
# bin/robust-server. Prints a table in Markdown with the size of the jar, seconds until `start` returns, CPU time, and the resident
# memory of the idle node. For an idle machine. For the plain jar: startup.sh beside it.
#
#   ./mvnw -q -DskipTests pre-integration-test && robustmq-app/src/bench/startup-archive.sh
#
# Environment: STARTS (5), IDLE (60, seconds), JAVA_HOME, ARCHIVE, PREPARE (yes; anything else starts without).
set -euo pipefail
root=$(cd "$(dirname "$0")/../../.." && pwd)
archive=${ARCHIVE:-$(ls "$root"/robustmq-app/target/robustmq-*.tar.gz)}
starts=${STARTS:-5} idle=${IDLE:-60}
tick=$(getconf CLK_TCK)
room=$(mktemp -d)
trap '[[ ! -x $room/robustmq/bin/robust-server ]] || "$room/robustmq/bin/robust-server" stop "$room/node.yaml" >/dev/null 2>&1 || true; rm -rf "$room"' EXIT

mkdir "$room/robustmq"
tar -xzf "$archive" -C "$room/robustmq" --strip-components=1
cat >"$room/node.yaml" <<YAML
robustmq:
  data-dir: $room/data
  rpc.port: 21886
  mqtt.tcp.port: 21884
  mqtt.websocket.port: 21887
  kafka.tcp.port: 21888
server.port: 21885
YAML
server=$room/robustmq/bin/robust-server
prepared=no
if [[ ${PREPARE:-yes} == yes ]]; then
  "$server" prepare >&2
  prepared=yes
fi

cpu_seconds() { # of the process: fields 14 and 15 of its stat, counted behind the command in parentheses
  sed 's/.*) //' "/proc/$1/stat" | awk -v tick="$tick" '{printf "%.2f", ($12 + $13) / tick}'
}

resident_mib() {
  awk '/^VmRSS:/ {printf "%.0f", $2 / 1024}' "/proc/$1/status"
}

median() {
  LC_ALL=C sort -g "$1" | awk 'NF {a[++n]=$1} END {printf "%.2f", n % 2 ? a[(n+1)/2] : (a[n/2]+a[n/2+1])/2}'
}

all() {
  LC_ALL=C sort -g "$1" | paste -sd' '
}

for number in $(seq "$starts"); do
  begin=$(date +%s.%N)
  "$server" start "$room/node.yaml" >"$room/said"
  awk -v a="$begin" -v b="$(date +%s.%N)" 'BEGIN {printf "%.2f\n", b - a}' >>"$room/wall"
  pid=$(<"$room/robustmq/run/node.pid")
  cpu_seconds "$pid" >>"$room/cpu"
  echo >>"$room/cpu"
  if [[ $number != "$starts" ]]; then
    "$server" stop "$room/node.yaml" >/dev/null
  fi
done
at_ready=$(resident_mib "$pid")
sleep "$idle"

echo "| measure | value |"
echo "|---|---|"
echo "| MiB of the jar | $(awk -v bytes="$(stat -c %s "$room/robustmq/lib/robustmq.jar")" 'BEGIN {printf "%.1f", bytes / 1048576}') |"
echo "| prepared | $prepared |"
echo "| seconds until \`start\` returns, median of $starts ($(all "$room/wall")) | $(median "$room/wall") |"
echo "| CPU seconds until then, median ($(grep -v '^$' "$room/cpu" | LC_ALL=C sort -g | paste -sd' ')) | $(median "$room/cpu") |"
echo "| resident MiB at readiness | $at_ready |"
echo "| resident MiB $idle s later | $(resident_mib "$pid") |"
"${JAVA_HOME:+$JAVA_HOME/bin/}java" -version 2>&1 | head -1 | sed 's/.*/| Java | & |/'
