#!/usr/bin/env bash
# Compares a node with Apache Kafka (one broker, KRaft, from Maven artifacts): both servers on one core; on the other
# `bench kafka`, which drives Kafka's own Java client, and kcat to consume; alternating rounds, the server's CPU time per record from /proc. Topics promise the page cache
# (`durability=os`), as Kafka's do. Prints tables in Markdown; progress goes to stderr.
#
#   robustmq-app/src/bench/compare-kafka.sh [row...]
#
# Rows: produce-1k, produce-100b, produce-200p, consume, e2e, start, partitions; all but the last two when none is named.
# Environment: ROUNDS (3), DURATION (6, seconds of a round), RECORDS (300000, that kcat reads), WARMUP (20, seconds of load
# before the first round of each row and server; half of it for each further row of produce), SERVER_CPU (0), LOAD_CPU (1), JAVA (java), JAR, JVM_OPTIONS, NODE_ARGS (more keys for the
# node), NODE_JAVA (more Java options for the node), KAFKA_JAVA (Kafka's own defaults), KAFKA_CLASSPATH (else resolved by
# Maven from kafka/pom.xml), PARTITIONS (10000), IDLE (30, seconds before idle memory is read), RESULTS (a new directory).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
java=${JAVA:-java}
jar=${JAR:-$root/robustmq-app/target/robustmq.jar}
options=${JVM_OPTIONS:-$root/config/jvm.options}
kafka_java=${KAFKA_JAVA:--Xmx1G -Xms1G -server -XX:+UseG1GC -XX:MaxGCPauseMillis=20 -XX:InitiatingHeapOccupancyPercent=35 -XX:+ExplicitGCInvokesConcurrent}
results=${RESULTS:-$(mktemp -d)}
rounds=${ROUNDS:-3} warmup=${WARMUP:-20} idle=${IDLE:-30}
records=${RECORDS:-300000} duration=${DURATION:-6} partitions=${PARTITIONS:-10000}
server_cpu=${SERVER_CPU:-0} load_cpu=${LOAD_CPU:-1}
kafka_port=21892 controller_port=21893 node_port=21894 admin_port=21895 rpc_port=21896
tick=$(getconf CLK_TCK)
chosen=("${@:-produce-1k produce-100b produce-200p consume e2e}")
# shellcheck disable=SC2206
chosen=(${chosen[@]})
mkdir -p "$results"

if [[ -z ${KAFKA_CLASSPATH:-} ]]; then
  "$root/mvnw" -q -B -f "$here/kafka/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.9.0:build-classpath \
    -Dmdep.outputFile="$results/classpath" >&2
  KAFKA_CLASSPATH=$(cat "$results/classpath")
fi
cat >"$results/log4j2.properties" <<CONF
rootLogger.level = WARN
rootLogger.appenderRef.console.ref = console
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d %p %m (%c)%n
CONF
cat >"$results/server.properties" <<CONF
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:$controller_port
listeners=PLAINTEXT://127.0.0.1:$kafka_port,CONTROLLER://127.0.0.1:$controller_port
advertised.listeners=PLAINTEXT://127.0.0.1:$kafka_port
controller.listener.names=CONTROLLER
log.dirs=$results/kafka-data
offsets.topic.replication.factor=1
group.initial.rebalance.delay.ms=0
CONF

kafka() { # processors, class, arguments
  local cpus=$1
  shift
  # shellcheck disable=SC2086
  exec taskset -c "$cpus" "$java" $jvm -Dlog4j2.configurationFile="file:$results/log4j2.properties" -cp "$KAFKA_CLASSPATH" "$@"
}
tool() { # class, arguments: on the core of the load, as Kafka's scripts run it
  (jvm="-Xmx512m -XX:+UseSerialGC" kafka "$load_cpu" "$@")
}

kafka_pid='' node_pid=''
start() { # server, processors
  if [[ $1 == kafka ]]; then
    [[ -d $results/kafka-data ]] || tool kafka.tools.StorageTool format -t 4L6g3nShT-eMCtK--X86sw \
      -c "$results/server.properties" >>"$results/kafka.log" 2>&1
    started=$(date +%s.%N)
    (jvm=$kafka_java kafka "$2" kafka.Kafka "$results/server.properties") >>"$results/kafka.log" 2>&1 &
    kafka_pid=$!
  else
    started=$(date +%s.%N)
    # shellcheck disable=SC2086
    taskset -c "$2" "$java" "@$options" ${NODE_JAVA:-} -jar "$jar" --robustmq.data-dir="$results/node-data" \
      --robustmq.kafka.tcp.port=$node_port --robustmq.mqtt.tcp.port=0 --robustmq.mqtt.websocket.port=0 \
      --robustmq.rpc.port=$rpc_port --server.port=$admin_port ${NODE_ARGS:-} >>"$results/node.log" 2>&1 &
    node_pid=$!
  fi
}
pid() { [[ $1 == kafka ]] && echo "$kafka_pid" || echo "$node_pid"; }
port() { [[ $1 == kafka ]] && echo "$kafka_port" || echo "$node_port"; }
stop() { # server
  local which
  which=$(pid "$1")
  [[ -z $which ]] && return
  kill "$which" 2>/dev/null || true
  wait "$which" 2>/dev/null || true
  [[ $1 == kafka ]] && kafka_pid='' || node_pid=''
}
trap 'kill $kafka_pid $node_pid 2>/dev/null || true; wait 2>/dev/null || true' EXIT
answered() { # server: until it answers a client, which else waits for longer after each refusal
  until kcat -L -b "127.0.0.1:$(port "$1")" -m 2 -X reconnect.backoff.ms=10 -X reconnect.backoff.max.ms=20 >/dev/null 2>&1; do
    kill -0 "$(pid "$1")" 2>/dev/null || { tail -40 "$results/$1.log" >&2; exit 1; }
    sleep 0.02
  done
}
ticks() { # of the server's CPU time: fields 14 and 15 of its stat, counted behind the command in parentheses
  sed 's/.*) //' "/proc/$(pid "$1")/stat" | awk '{print $12 + $13}'
}
resident() { awk '/^VmRSS:/ {printf "%.0f", $2 / 1024}' "/proc/$(pid "$1")/status"; }
since() { awk -v a="$1" -v b="$(date +%s.%N)" 'BEGIN {printf "%.3f", b - a}'; }

create() { # server topic partitions
  if [[ $1 == kafka ]]; then
    tool org.apache.kafka.tools.TopicCommand --bootstrap-server "127.0.0.1:$kafka_port" --create --topic "$2" \
      --partitions "$3" --replication-factor 1 >/dev/null
  else
    taskset -c "$load_cpu" "$java" -XX:TieredStopAtLevel=1 -jar "$jar" ctl --server "127.0.0.1:$admin_port" topics create "$2" \
      --partitions "$3" --config durability=os >/dev/null
  fi
}
remove() { # server topic
  tool org.apache.kafka.tools.TopicCommand --bootstrap-server "127.0.0.1:$(port "$1")" --delete --topic "$2" >/dev/null
}
produce() { # server topic records size
  tool org.apache.kafka.tools.ProducerPerformance --topic "$2" --num-records "$3" --record-size "$4" --throughput -1 \
    --producer-props bootstrap.servers="127.0.0.1:$(port "$1")" acks=all enable.metrics.push=false \
    | tail -1
}
measured() { # server file records command...: CPU of the server over a command, and what the command says
  local server=$1 file=$2 records=$3 before after begin
  shift 3
  before=$(ticks "$server") begin=$(date +%s.%N)
  "$@" >"$file.out"
  after=$(ticks "$server")
  awk -v t="$((after - before))" -v tick="$tick" -v n="$records" -v s="$(since "$begin")" \
    'BEGIN {printf "%.4f %.0f\n", t / tick * 1e6 / n, n / s}' >"$file"
}
warm() { # server command...: over and over for the time of the warm-up
  local until=$((SECONDS + warmup)) server=$1
  shift
  echo "  warm $server" >&2
  while ((SECONDS < until)); do "$@" >/dev/null; done
}
median() { LC_ALL=C sort -g | awk '{a[NR]=$1} END {if (NR) printf "%.4g", NR % 2 ? a[(NR+1)/2] : (a[NR/2]+a[NR/2+1])/2; else printf "-"}'; }
of() { # row server column: of all rounds
  for round in $(seq "$rounds"); do awk -v c="$3" '{print $c}' "$results/$1.$round.$2"; done
}
ratios() { # row
  paste <(of "$1" node 1) <(of "$1" kafka 1) | awk '$2 > 0 {print $1 / $2}' | LC_ALL=C sort -g | awk '{a[NR]=$1} END {
    m = NR % 2 ? a[(NR+1)/2] : (a[NR/2]+a[NR/2+1])/2; printf "%.2f / %.2f / %.2f", a[1], m, a[NR]}'
}
header() {
  echo "| row | Kafka µs CPU/record | RobustMQ µs CPU/record | ratio min / median / max | Kafka records/s | RobustMQ records/s |"
  echo "|---|---|---|---|---|---|"
}
row() { # name
  echo "| $1 | $(of "$1" kafka 1 | median) | $(of "$1" node 1 | median) | $(ratios "$1")" \
    "| $(of "$1" kafka 2 | median) | $(of "$1" node 2 | median) |"
}

value() { grep -o "\"$2\":[-0-9.E]*" "$1" | cut -d: -f2 || true; }
load() { # server file warm-up bench...: the same generator for both, with Kafka's own client
  local server=$1 file=$2 warm=$3
  shift 3
  taskset -c "$load_cpu" "$java" -Xmx512m -XX:+UseSerialGC -jar "$jar" bench kafka "$@" --port "$(port "$server")" \
    --pid "$(pid "$server")" --warmup "$warm" --duration "${duration}s" --json >"$file.json" 2>>"$results/load.log"
  echo "$(value "$file.json" serverCpuMicrosPerRecord) $(value "$file.json" recordsPerSecond)" >"$file"
  echo "  $(cat "$file") busy $(value "$file.json" serverBusy)" >&2
}
produce_row() { # name size partitions
  echo "$1" >&2
  local warm
  for server in kafka node; do create "$server" "$1" "$3"; done
  for round in $(seq "$rounds"); do
    warm=2s
    [[ $round == 1 ]] && warm=${warmup}s
    for server in kafka node; do
      echo "  round $round $server" >&2
      load "$server" "$results/$1.$round.$server" "$warm" produce --topic "$1" --size "$2" --acks all
    done
  done
  for server in kafka node; do remove "$server" "$1"; done
  warmup=$((warmup / 2)) # the servers are warm by now
}
drink() { # server topic records: kcat reads all of it four times
  for _ in 1 2 3 4; do
    local seen
    seen=$(taskset -c "$load_cpu" kcat -C -b "127.0.0.1:$(port "$1")" -t "$2" -o beginning -e -q -f '.' | wc -c)
    [[ $seen == "$3" ]] || { echo "$1: kcat has read $seen of $3 records" >&2; exit 1; }
  done
}
consume_row() {
  echo consume >&2
  for server in kafka node; do
    create "$server" consume 1
    produce "$server" consume "$records" 1024 >/dev/null
    warm "$server" drink "$server" consume "$records"
  done
  for round in $(seq "$rounds"); do
    for server in kafka node; do
      echo "  round $round $server" >&2
      measured "$server" "$results/consume.$round.$server" $((4 * records)) drink "$server" consume "$records"
    done
  done
  for server in kafka node; do remove "$server" consume; done
}
end_to_end_row() {
  echo e2e >&2
  local warm
  for server in kafka node; do create "$server" e2e 1; done
  for round in $(seq "$rounds"); do
    warm=15s # each round is a new generator, whose own compiler is what the slowest records would wait for
    [[ $round == 1 ]] && warm=${warmup}s
    for server in kafka node; do
      echo "  round $round $server" >&2
      load "$server" "$results/e2e.$round.$server" "$warm" e2e --topic e2e --rate 1000 --size 1024
    done
  done
}
end_to_end_table() {
  echo
  echo "| 1,000 records/s end to end | p50 ms | p99 ms of the rounds | p99.9 ms | µs CPU/record |"
  echo "|---|---|---|---|---|"
  for server in kafka node; do
    local files=()
    for round in $(seq "$rounds"); do files+=("$results/e2e.$round.$server.json"); done
    for field in p50Millis p99Millis p999Millis serverCpuMicrosPerRecord; do
      for file in "${files[@]}"; do value "$file" "$field"; done >"$results/e2e.$server.$field"
    done
    echo "| $server | $(median <"$results/e2e.$server.p50Millis") | $(LC_ALL=C sort -g "$results/e2e.$server.p99Millis" | paste -sd' ')" \
      "| $(median <"$results/e2e.$server.p999Millis") | $(median <"$results/e2e.$server.serverCpuMicrosPerRecord") |"
  done
}

start_row() { # each server alone, on both cores, with an empty directory
  echo "| start | seconds to the first answer of a client | CPU seconds | resident MiB $idle s later |"
  echo "|---|---|---|---|"
  for round in $(seq "$rounds"); do
    for server in kafka node; do
      echo "  start $round $server" >&2
      rm -rf "$results/$server-data"
      start "$server" "$server_cpu,$load_cpu"
      answered "$server"
      echo "$(since "$started") $(awk -v t="$(ticks "$server")" -v tick="$tick" 'BEGIN {print t / tick}')" >"$results/start.$round.$server"
      if [[ $round == "$rounds" ]]; then
        sleep "$idle"
        resident "$server" >"$results/idle.$server"
      fi
      stop "$server"
      rm -rf "${results:?}/$server-data"
    done
  done
  for server in kafka node; do
    echo "| $server | $(of start "$server" 1 | median) | $(of start "$server" 2 | median) | $(cat "$results/idle.$server") |"
  done
  echo
}
one() { # server topic partition: until a record is acknowledged
  until echo hi | taskset -c "$load_cpu" kcat -P -b "127.0.0.1:$(port "$1")" -t "$2" -p "$3" -X message.timeout.ms=3000 2>/dev/null; do
    sleep 0.05
  done
}
partitions_row() {
  echo
  echo "| $partitions partitions | create s | 200,000 records of 100 B: µs CPU/record | records/s | resident MiB | stop s | start to an acknowledged record s | resident MiB |"
  echo "|---|---|---|---|---|---|---|---|"
  for server in kafka node; do
    local begin created filled stopped again
    echo "  $server: create" >&2
    begin=$(date +%s.%N)
    create "$server" many $((partitions / 2)) # Kafka's controller refuses 10,000 in one request
    tool org.apache.kafka.tools.TopicCommand --bootstrap-server "127.0.0.1:$(port "$server")" --alter --topic many \
      --partitions "$partitions" >&2
    one "$server" many $((partitions - 1))
    created=$(since "$begin")
    echo "  $server: produce" >&2
    measured "$server" "$results/many.$server" 200000 produce "$server" many 200000 100
    cat "$results/many.$server.out" >&2
    filled=$(resident "$server")
    echo "  $server: restart" >&2
    begin=$(date +%s.%N)
    stop "$server"
    stopped=$(since "$begin")
    start "$server" "$server_cpu"
    answered "$server"
    one "$server" many $((partitions - 1))
    again=$(since "$started")
    echo "| $server | $created | $(cut -d' ' -f1 "$results/many.$server") | $(cut -d' ' -f2 "$results/many.$server") | $filled | $stopped" \
      "| $again | $(resident "$server") |"
  done
}

[[ " ${chosen[*]} " == *" start "* ]] && start_row
if [[ "${chosen[*]}" != start ]]; then
  for server in kafka node; do start "$server" "$server_cpu"; done
  for server in kafka node; do answered "$server"; done
fi
titled=''
show() { # row: as soon as it is there
  [[ -n $titled ]] || header
  titled=yes
  row "$1"
}
for name in "${chosen[@]}"; do
  case $name in
    produce-1k) produce_row "$name" 1024 1 && show "$name" ;;
    produce-100b) produce_row "$name" 100 1 && show "$name" ;;
    produce-200p) produce_row "$name" 1024 200 && show "$name" ;;
    consume) consume_row && show "$name" ;;
    e2e) end_to_end_row && end_to_end_table ;;
    partitions) partitions_row ;;
    start) ;;
    *) echo "no row $name" >&2 && exit 2 ;;
  esac
done
echo "results in $results" >&2
