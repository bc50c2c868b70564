#!/usr/bin/env bash
# What a new user does with the unpacked archive: start, a user, a device with TLS and a password, what it may not do, and where that is
# seen. Runs in the folder of the distribution, which it leaves with a running node; the ports are in the environment:
# ADMIN, RPC, MQTT, MQTTS, WS, KAFKA, KAFKAS. Needs openssl, mosquitto-clients and kcat.
set -euo pipefail

say() { printf '== %s\n' "$*"; }
fail() { printf 'FAILED: %s\n' "$*"; exit 1; }

# Runs a command and wants a pattern (grep -E) in what it says, however it ends.
says() {
  local pattern=$1 said
  shift
  said=$(timeout 30 "$@" 2>&1) || true
  grep -qiE -- "$pattern" <<<"$said" || fail "'$*' does not say '$pattern': $said"
}

# The body of a page of the admin port; fails unless it is answered with 200.
page() {
  local answer
  exec 3<>"/dev/tcp/127.0.0.1/$ADMIN"
  printf 'GET %s HTTP/1.0\r\nHost: 127.0.0.1:%s\r\nAccept: */*\r\n\r\n' "$1" "$ADMIN" >&3
  answer=$(tr -d '\r' <&3)
  exec 3>&-
  [[ ${answer%%$'\n'*} == *' 200 '* ]] || fail "$1 answers ${answer%%$'\n'*}"
  printf '%s\n' "${answer#*$'\n\n'}"
}

# The value of a series, as Prometheus gets it; its metric must be one that the dashboard shows.
metric() {
  grep -q "$1" config/monitoring/grafana-dashboard.json || fail "the dashboard does not show $1"
  page /actuator/prometheus | awk -v name="$1" -v labels="${2:-}" \
    '(index($1, name "{") == 1 || $1 == name) && index($0, labels) { sum += $NF } END { printf "%d\n", sum }'
}

say "keys, and a configuration that uses them"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj "/CN=Plant CA" \
  -keyout ca.key -out ca.crt 2>/dev/null
openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=localhost" -keyout node.key -out node.csr 2>/dev/null
openssl x509 -req -in node.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 30 -out node.crt \
  -extfile <(printf 'subjectAltName=DNS:localhost,IP:127.0.0.1') 2>/dev/null
cat >config/tour.yaml <<YAML
server.port: $ADMIN
spring.ssl.bundle.pem.node.keystore:
  certificate: file:node.crt
  private-key: file:node.key
robustmq:
  data-dir: tour-data
  rpc.port: $RPC
  mqtt:
    tcp.port: $MQTT
    websocket.port: $WS
    websocket-tls.port: -1
    tls:
      port: $MQTTS
      bundle: node
  kafka:
    tcp.port: $KAFKA
    tls:
      port: $KAFKAS
      bundle: node
YAML

say "start"
bin/robust-server start config/tour.yaml

say "the console and the API answer"
# Not grep -q, which would leave before everything is written.
page /console/ | grep '/console/connections' >/dev/null || fail "no connections in the console"
page /actuator | grep '"users"' >/dev/null || fail "no users in the overview"
page /actuator/cluster | grep '"nodes"' >/dev/null || fail "no nodes in the cluster"

say "the first user, and what it may do"
ctl() { bin/robust-ctl --server "127.0.0.1:$ADMIN" "$@"; }
printf 'sesame\n' >ann.password
ctl users add ann --new-password-file ann.password
ctl acls add ann-plant allow all 'plant/#' --user ann

say "a device with TLS and a password"
device=(-h 127.0.0.1 -p "$MQTTS" --cafile ca.crt -u ann -P sesame)
mosquitto_sub "${device[@]}" -i display -t 'plant/#' -q 1 >heard.txt &
display=$!
trap 'kill $display 2>/dev/null || true' EXIT
for _ in $(seq 100); do
  # Retained, so that it comes whether or not the subscription was there first.
  mosquitto_pub "${device[@]}" -V 5 -q 1 -r -t plant/1/temp -m 21.5
  grep -q 21.5 heard.txt && break
done
grep -q 21.5 heard.txt || fail "the device hears nothing"
consumer=(kcat -b "127.0.0.1:$KAFKAS" -X security.protocol=SASL_SSL -X ssl.ca.location=ca.crt
  -X sasl.mechanisms=PLAIN -X sasl.username=ann -X sasl.password=sesame)
says '^21\.5$' "${consumer[@]}" -C -t plant.1.temp -e -q

say "strangers, wrong passwords and unknown authorities stay outside"
says 'Not authorized' mosquitto_pub -V 5 -h 127.0.0.1 -p "$MQTT" -t plant/1/temp -m 1
says 'Bad user name or password|Not authorized' mosquitto_pub "${device[@]}" -P wrong -V 5 -t plant/1/temp -m 1
says 'error|verify failed' mosquitto_pub -h 127.0.0.1 -p "$MQTTS" --cafile node.crt -u ann -P sesame -t plant/1/temp -m 1

say "what is denied is denied in each protocol's own words"
says 'PUBACK \(Mid: 1, RC:135\)' mosquitto_pub "${device[@]}" -d -V 5 -q 1 -t secret/code -m 1234
says 'Subscribed \(mid: 1\): 135' mosquitto_sub "${device[@]}" -d -V 5 -t secret/code -W 5
says 'Subscribed \(mid: 1\): 128' mosquitto_sub "${device[@]}" -d -V 311 -t secret/code -W 5
says 'Topic authorization failed' "${consumer[@]}" -C -t secret.code -e
says 'Topic authorization failed' "${consumer[@]}" -P -t secret.code ann.password
says 'denied|no rule' bin/robust-ctl --server "127.0.0.1:$ADMIN" acls test publish secret/code --user ann

say "the dashboard shows it"
(($(metric robustmq_net_connections) >= 1)) || fail "no connection"
(($(metric robustmq_access_denied_total 'protocol="mqtt"') >= 3)) || fail "no denial in MQTT"
(($(metric robustmq_access_denied_total 'protocol="kafka"') >= 2)) || fail "no denial in Kafka"
(($(metric robustmq_access_logins_failed_total) >= 1)) || fail "no failed log-in"
ctl connections list --user ann | grep display >/dev/null || fail "the device is not listed"
page /console/connections | grep display >/dev/null || fail "the console does not show the device"
page /console/users | grep ann >/dev/null || fail "the console does not show the user"
if grep -rlE 'sesame' logs tour-data >/dev/null; then fail "the password is in a file of the node"; fi
say "done"
