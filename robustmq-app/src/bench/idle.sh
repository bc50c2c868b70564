#!/usr/bin/env bash
# What an idle connection of MQTT costs a node: live heap and native memory beside it, by the node's own tools, with the load in a
# second process. Mosquitto's resident memory for as many is a note beside it.
#
#   robustmq-app/src/bench/idle.sh
#
# Environment: CLIENTS (10000), CLIENT_ARGS (more options of bench mqtt conn), SERVER_CPU (0), LOAD_CPU (1), JAVA (java), JCMD (jcmd), JAR,
# JVM_OPTIONS, NODE_ARGS, RESULTS (a new directory under /tmp).
set -euo pipefail
root=$(cd "$(dirname "$0")/../../.." && pwd)
java=${JAVA:-java} jcmd=${JCMD:-jcmd}
jar=${JAR:-$root/robustmq-app/target/robustmq.jar}
options=${JVM_OPTIONS:-$root/config/jvm.options}
results=${RESULTS:-$(mktemp -d)}
clients=${CLIENTS:-10000}
server_cpu=${SERVER_CPU:-0} load_cpu=${LOAD_CPU:-1}
mosquitto_port=21883 node_port=21884 admin_port=21885 rpc_port=21886
ulimit -n 65536 2>/dev/null || ulimit -n "$(ulimit -Hn)"

pids=()
stop() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
}
trap stop EXIT
mkdir -p "$results"

printf 'listener %s 127.0.0.1\nallow_anonymous true\npersistence false\n' "$mosquitto_port" >"$results/mosquitto.conf"
taskset -c "$server_cpu" mosquitto -c "$results/mosquitto.conf" >"$results/mosquitto.log" 2>&1 &
mosquitto_pid=$!
pids+=("$mosquitto_pid")
# What is outside of the heap is told by the summary of native memory: buffers of Netty and of the engines are "Other".
# shellcheck disable=SC2086
taskset -c "$server_cpu" "$java" "@$options" -XX:NativeMemoryTracking=summary -jar "$jar" --robustmq.data-dir="$results/data" \
  --robustmq.mqtt.tcp.port=$node_port --robustmq.mqtt.websocket.port=0 --robustmq.kafka.tcp.port=0 --robustmq.rpc.port=$rpc_port \
  --server.port=$admin_port ${NODE_ARGS:-} >"$results/node.log" 2>&1 &
node_pid=$!
pids+=("$node_pid")
for _ in $(seq 240); do
  curl -fs "http://127.0.0.1:$admin_port/actuator/health/readiness" >/dev/null 2>&1 && break
  kill -0 "$node_pid" 2>/dev/null || { cat "$results/node.log" >&2; exit 1; }
  sleep 0.5
done

connect() { # port pid seconds name
  # shellcheck disable=SC2086
  taskset -c "$load_cpu" "$java" -Xms256m -Xmx512m -XX:+UseSerialGC -jar "$jar" bench mqtt conn --port "$1" --pid "$2" \
    --clients "$clients" --hold "$3" ${CLIENT_ARGS:-} --json >"$results/$4.json" 2>>"$results/load.log"
}

sample() { # name: live objects after two collections, and native memory
  "$jcmd" "$node_pid" GC.run >/dev/null
  "$jcmd" "$node_pid" GC.class_histogram >"$results/$1.histogram"
  "$jcmd" "$node_pid" VM.native_memory summary >"$results/$1.native"
}

live() { # name
  awk '$1 == "Total" {print $3}' "$results/$1.histogram"
}

native() { # name category, in bytes
  awk -v want="$2" '{sub(/^-/, ""); gsub(/^ +/, "")} index($0, want " (") == 1 {match($0, /committed=[0-9]+/); print substr($0, RSTART + 10, RLENGTH - 10) * 1024}' \
    "$results/$1.native"
}

# Everything that the first connections bring for good is there before the count begins.
connect "$node_port" "$node_pid" 0s warm
sleep 3
sample before
connect "$node_port" "$node_pid" 25s held &
holder=$!
pids+=("$holder")
connections() {
  curl -fs "http://127.0.0.1:$admin_port/actuator/metrics/robustmq.net.connections" | grep -o '"value":[-0-9.E]*' | head -1 | cut -d: -f2
}
for _ in $(seq 200); do
  awk -v now="$(connections)" -v wanted="$clients" 'BEGIN {exit !(now >= wanted)}' && break
  sleep 0.1
done
sleep 2
sample with
wait "$holder"
connect "$mosquitto_port" "$mosquitto_pid" 3s mosquitto

heap=$(($(live with) - $(live before)))
other=$(($(native with Other) - $(native before Other)))
echo "connected: $(grep -o '"connected":[0-9]*' "$results/held.json")"
echo "live heap: $((heap / clients)) bytes a connection"
echo "native memory (buffers): $((other / clients)) bytes a connection"
echo "resident, with the head-room of the heap: $(grep -o '"residentBytesPerConnection":[-0-9]*' "$results/held.json" | cut -d: -f2)"
echo "Mosquitto, resident: $(grep -o '"residentBytesPerConnection":[-0-9]*' "$results/mosquitto.json" | cut -d: -f2)"
echo "classes with the largest growth, bytes and objects a connection:"
awk -v clients="$clients" 'FNR == NR {if ($1 ~ /:$/) {bytes[$4] = $3; count[$4] = $2}; next}
  $1 ~ /:$/ {b = ($3 - bytes[$4]) / clients; n = ($2 - count[$4]) / clients; if (b >= 4) printf "%7.1f %6.2f %s\n", b, n, $4}' \
  "$results/before.histogram" "$results/with.histogram" | sort -rn | head -60
echo "results in $results" >&2
