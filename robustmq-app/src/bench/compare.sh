#!/usr/bin/env bash
# Compares a node with Debian's Mosquitto: both servers on one core, the load on another, alternating rounds, the server's
# CPU time per message. Prints a table in Markdown; progress goes to stderr, each run's JSON to the directory of results.
#
#   robustmq-app/src/bench/compare.sh [workload...]       all workloads when none is named
#
# Environment: ROUNDS (3), DURATION (10s), WARMUP (30s, before a node's first round of each workload), MOSQUITTO_WARMUP (5s, before
# Mosquitto's: nothing is compiled there), SETTLE (3s, before each later round), SERVER_CPU (0), LOAD_CPU (1), JAVA (java), JAR, JVM_OPTIONS, NODE_ARGS (more keys for the
# node, --robustmq.capture.mqtt=bound), ACCESS (off; on: the load logs in as a user who may do what rules allow), RESULTS (a new directory under /tmp).
set -euo pipefail
root=$(cd "$(dirname "$0")/../../.." && pwd)
java=${JAVA:-java}
jar=${JAR:-$root/robustmq-app/target/robustmq.jar}
options=${JVM_OPTIONS:-$root/config/jvm.options}
results=${RESULTS:-$(mktemp -d)}
rounds=${ROUNDS:-3} duration=${DURATION:-10s} warmup=${WARMUP:-30s} mosquitto_warmup=${MOSQUITTO_WARMUP:-5s} settle=${SETTLE:-3s}
server_cpu=${SERVER_CPU:-0} load_cpu=${LOAD_CPU:-1}
mosquitto_port=21883 node_port=21884 admin_port=21885 rpc_port=21886

declare -A workloads=(
  [fanin-qos0]="fanin --qos 0"
  [fanin-qos1]="fanin --qos 1"
  [fanout-qos0]="fanout --qos 0"
  [fanout-qos1]="fanout --qos 1"
  [pairs-qos1]="pair --qos 1 --pairs 50"
  [pairs-qos2]="pair --qos 2 --pairs 50"
  [fanin-qos1-durable]="fanin --qos 1 --durable"
  [fanout-qos1-durable]="fanout --qos 1 --durable"
  [pairs-qos1-durable]="pair --qos 1 --pairs 50 --durable"
  [pairs-qos2-durable]="pair --qos 2 --pairs 50 --durable"
  [pairs-qos0-1k]="pair --qos 0 --pairs 50 --size 1024"
  [retained-qos0]="retained --qos 0 --messages 10000"
  [retained-qos1]="retained --qos 1 --messages 10000"
  [drain]="drain --qos 1 --messages 50000 --topic bench/drain"
  [connects]="conn --clients 10000 --hold 0s"
  [rate-5000-qos1]="pair --qos 1 --pairs 20 --rate 5000"
  [rate-5000-durable]="pair --qos 1 --pairs 20 --rate 5000 --durable"
  [rate-5000-storm]="pair --qos 1 --pairs 20 --rate 5000 --churn 1000"
)
order=(fanin-qos0 fanin-qos1 fanin-qos1-durable fanout-qos0 fanout-qos1 fanout-qos1-durable pairs-qos1 pairs-qos1-durable pairs-qos2
  pairs-qos2-durable pairs-qos0-1k retained-qos0 retained-qos1 drain connects rate-5000-qos1 rate-5000-durable rate-5000-storm)
declare -A cpu_field=([connects]=serverCpuMicrosPerConnect) rate_field=([connects]=connectsPerSecond)
chosen=("${@:-${order[@]}}")
for name in "${chosen[@]}"; do
  [[ -n ${workloads[$name]:-} ]] || { echo "no workload $name; there are: ${order[*]}" >&2; exit 2; }
done

pids=()
stop() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
}
trap stop EXIT
mkdir -p "$results"
# Ten thousand connections, on both sides.
ulimit -n 65536 2>/dev/null || ulimit -n "$(ulimit -Hn)"

cat >"$results/mosquitto.conf" <<CONF
listener $mosquitto_port 127.0.0.1
allow_anonymous true
persistence false
max_queued_messages 0
max_inflight_messages 1000
set_tcp_nodelay true
CONF
# Nothing is dropped on either side: 0 is no limit for Mosquitto's queue, a node's default is 100,000 messages for a session.
taskset -c "$server_cpu" mosquitto -c "$results/mosquitto.conf" >"$results/mosquitto.log" 2>&1 &
mosquitto_pid=$!
pids+=("$mosquitto_pid")
# shellcheck disable=SC2086
taskset -c "$server_cpu" "$java" "@$options" -jar "$jar" --robustmq.data-dir="$results/data" \
  --robustmq.mqtt.tcp.port=$node_port --robustmq.mqtt.websocket.port=0 --robustmq.kafka.tcp.port=0 --robustmq.rpc.port=$rpc_port \
  --server.port=$admin_port ${NODE_ARGS:-} >"$results/node.log" 2>&1 &
node_pid=$!
pids+=("$node_pid")
for _ in $(seq 240); do
  curl -fs "http://127.0.0.1:$admin_port/actuator/health/readiness" >/dev/null 2>&1 && break
  kill -0 "$node_pid" 2>/dev/null || { cat "$results/node.log" >&2; exit 1; }
  sleep 0.5
done

login=()
if [[ ${ACCESS:-off} == on ]]; then
  ctl=("$java" -jar "$jar" ctl --server "http://127.0.0.1:$admin_port")
  echo bench-secret | "${ctl[@]}" users add bench --new-password-stdin >&2
  "${ctl[@]}" acls add bench-allowed allow all 'bench/#' --user bench >&2
  "${ctl[@]}" acls add bench-secret deny all 'bench/secret/#' --all >&2
  login=(--username bench --password bench-secret)
fi

load() { # server workload round warm-up
  local port=$mosquitto_port pid=$mosquitto_pid
  [[ $1 == robustmq ]] && port=$node_port pid=$node_pid
  echo "$2, round $3, $1" >&2
  # shellcheck disable=SC2086
  taskset -c "$load_cpu" "$java" -Xms256m -Xmx512m -XX:+UseSerialGC -jar "$jar" bench mqtt ${workloads[$2]} "${login[@]}" \
    --port "$port" --pid "$pid" --warmup "$4" --duration "$duration" --json \
    >"$results/$2.$3.$1.json" 2>>"$results/load.log" || echo '{}' >"$results/$2.$3.$1.json"
}

value() { # file field
  grep -o "\"$2\":[-0-9.E]*" "$1" | cut -d: -f2 || true
}

median() { # numbers on stdin
  LC_ALL=C sort -g | awk '{a[NR]=$1} END {if (NR) printf "%.4g", NR % 2 ? a[(NR+1)/2] : (a[NR/2]+a[NR/2+1])/2; else printf "-"}'
}

of() { # workload server field: the median over the rounds
  for round in $(seq "$rounds"); do value "$results/$1.$round.$2.json" "$3"; done | median
}

sum() { # workload server field
  for round in $(seq "$rounds"); do value "$results/$1.$round.$2.json" "$3"; done | awk '{s+=$1} END {print s+0}'
}

ratios() { # workload: of each round, as "min / median / max"
  for round in $(seq "$rounds"); do
    awk -v a="$(value "$results/$1.$round.robustmq.json" "${cpu_field[$1]:-serverCpuMicrosPerMessage}")" \
      -v b="$(value "$results/$1.$round.mosquitto.json" "${cpu_field[$1]:-serverCpuMicrosPerMessage}")" 'BEGIN {if (a > 0 && b > 0) print a / b}'
  done | LC_ALL=C sort -g | awk '{a[NR]=$1} END {if (!NR) {print "-"; exit}
    m = NR % 2 ? a[(NR+1)/2] : (a[NR/2]+a[NR/2+1])/2; printf "%.3f / %.3f / %.3f\n", a[1], m, a[NR]}'
}

for name in "${chosen[@]}"; do
  for round in $(seq "$rounds"); do
    if [[ $round == 1 ]]; then
      load mosquitto "$name" "$round" "$mosquitto_warmup"
      load robustmq "$name" "$round" "$warmup"
    else
      load mosquitto "$name" "$round" "$settle"
      load robustmq "$name" "$round" "$settle"
    fi
  done
done

echo "| workload | Mosquitto µs CPU/msg | RobustMQ µs CPU/msg | ratio min / median / max | Mosquitto msg/s | RobustMQ msg/s | Mosquitto p50/p99/p99.9 ms | RobustMQ p50/p99/p99.9 ms | busy cores with Mosquitto: server/load | with RobustMQ | lost/dup/reordered |"
echo "|---|---|---|---|---|---|---|---|---|---|---|"
for name in "${chosen[@]}"; do
  cpu=${cpu_field[$name]:-serverCpuMicrosPerMessage} rate=${rate_field[$name]:-messagesPerSecond}
  row="| $name | $(of "$name" mosquitto "$cpu") | $(of "$name" robustmq "$cpu") | $(ratios "$name")"
  row+=" | $(of "$name" mosquitto "$rate") | $(of "$name" robustmq "$rate")"
  for server in mosquitto robustmq; do
    row+=" | $(of "$name" $server p50Millis)/$(of "$name" $server p99Millis)/$(of "$name" $server p999Millis)"
  done
  for server in mosquitto robustmq; do
    row+=" | $(of "$name" $server serverBusy)/$(of "$name" $server generatorBusy)"
  done
  echo "$row | $(sum "$name" robustmq lost)/$(sum "$name" robustmq duplicated)/$(sum "$name" robustmq reordered) |"
done
echo "results in $results" >&2
