#!/usr/bin/env bash
# What a start costs: the median of five (wall clock and CPU time until readiness), and the resident memory of an idle node
# 60 s after readiness, with the shipped options of the Java machine. Prints a table in Markdown. For an idle machine.
#
#   robustmq-app/src/bench/startup.sh
#
# Environment: STARTS (5), IDLE (60, seconds), JAVA (java), JAR, JVM_OPTIONS, NODE_ARGS (more keys for the node).
set -euo pipefail
root=$(cd "$(dirname "$0")/../../.." && pwd)
java=${JAVA:-java}
jar=${JAR:-$root/robustmq-app/target/robustmq.jar}
options=${JVM_OPTIONS:-$root/config/jvm.options}
starts=${STARTS:-5} idle=${IDLE:-60}
admin_port=21885
results=$(mktemp -d)
pid=
trap '[[ -z $pid ]] || kill "$pid" 2>/dev/null || true; rm -rf "$results"' EXIT
tick=$(getconf CLK_TCK)

cpu_seconds() { # of the process: fields 14 and 15 of its stat, counted behind the command in parentheses
  sed 's/.*) //' "/proc/$1/stat" | awk -v tick="$tick" '{printf "%.2f", ($12 + $13) / tick}'
}

resident_mib() {
  awk '/^VmRSS:/ {printf "%.0f", $2 / 1024}' "/proc/$1/status"
}

start() { # number
  local begin
  if curl -s "http://127.0.0.1:$admin_port/" >/dev/null 2>&1; then
    echo "somebody else listens on port $admin_port" >&2
    exit 1
  fi
  begin=$(date +%s.%N)
  # shellcheck disable=SC2086
  "$java" "@$options" -jar "$jar" --robustmq.data-dir="$results/data$1" --robustmq.mqtt.tcp.port=21884 \
    --robustmq.mqtt.websocket.port=0 --robustmq.kafka.tcp.port=0 --robustmq.rpc.port=21886 --server.port=$admin_port ${NODE_ARGS:-} \
    >"$results/node$1.log" 2>&1 &
  pid=$!
  until curl -fs "http://127.0.0.1:$admin_port/actuator/health/readiness" >/dev/null 2>&1; do
    kill -0 "$pid" 2>/dev/null || { cat "$results/node$1.log" >&2; exit 1; }
    sleep 0.05
  done
  cpu_seconds "$pid" >>"$results/cpu"
  awk -v a="$begin" -v b="$(date +%s.%N)" 'BEGIN {printf "%.2f\n", b - a}' >>"$results/wall"
  echo >>"$results/cpu"
}

stop() {
  kill "$pid"
  wait "$pid" 2>/dev/null || true
  pid=
}

median() {
  LC_ALL=C sort -g "$1" | awk 'NF {a[++n]=$1} END {printf "%.2f", n % 2 ? a[(n+1)/2] : (a[n/2]+a[n/2+1])/2}'
}

for number in $(seq "$starts"); do
  echo "start $number of $starts" >&2
  start "$number"
  [[ $number == "$starts" ]] || stop
done
at_ready=$(resident_mib "$pid")
threads=$(find "/proc/$pid/task" -mindepth 1 -maxdepth 1 | wc -l)
sleep "$idle"
later=$(resident_mib "$pid")
idle_cpu=$(cpu_seconds "$pid")
stop

echo "| measure | value |"
echo "|---|---|"
echo "| starts | $starts |"
echo "| seconds to readiness, median ($(grep -v '^$' "$results/wall" | LC_ALL=C sort -g | paste -sd' ')) | $(median "$results/wall") |"
echo "| CPU seconds to readiness, median ($(grep -v '^$' "$results/cpu" | LC_ALL=C sort -g | paste -sd' ')) | $(median "$results/cpu") |"
echo "| resident MiB at readiness | $at_ready |"
echo "| resident MiB $idle s later | $later |"
echo "| threads | $threads |"
echo "| CPU seconds in all after $idle s idle | $idle_cpu |"
"$java" -version 2>&1 | head -1 | sed 's/.*/| Java | & |/'
