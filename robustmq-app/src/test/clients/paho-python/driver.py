# Copyright 2026 the RobustMQ authors
# SPDX-License-Identifier: Apache-2.0
"""Puts Paho for Python at the end of two pipes, as driver.js does with MQTT.js: a request a line on the standard input,
an answer or an event a line on the standard output. Several clients live in one process; each request names its own."""
import base64
import json
import sys
import threading
from urllib.parse import urlparse

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCodes

SECONDS_MAX = 20
NEVER = 3600
output = threading.Lock()


def tell(message):
    with output:
        sys.stdout.write(json.dumps(message) + "\n")
        sys.stdout.flush()


def properties(extras):
    if not extras:
        return None
    given = Properties(PacketTypes.PUBLISH)
    if extras["text"]:
        given.PayloadFormatIndicator = 1
    if extras["expirySeconds"] is not None:
        given.MessageExpiryInterval = extras["expirySeconds"]
    if extras["contentType"] is not None:
        given.ContentType = extras["contentType"]
    if extras["responseTopic"] is not None:
        given.ResponseTopic = extras["responseTopic"]
    if extras["correlation"] is not None:
        given.CorrelationData = extras["correlation"].encode()
    if extras["user"]:
        given.UserProperty = [(pair["name"], pair["value"]) for pair in extras["user"]]
    return given


def extras(given):
    correlation = getattr(given, "CorrelationData", None)
    return {
        "text": getattr(given, "PayloadFormatIndicator", 0) == 1,
        "expirySeconds": getattr(given, "MessageExpiryInterval", None),
        "contentType": getattr(given, "ContentType", None),
        "responseTopic": getattr(given, "ResponseTopic", None),
        "correlation": None if correlation is None else correlation.decode(),
        "user": [{"name": name, "value": value} for name, value in getattr(given, "UserProperty", [])],
    }


class Client:
    """One client with the thread that Paho gives it."""

    def __init__(self, name, url, ca, version, clientId, clean, will):
        self.name = name
        self.five = version == 5
        self.lost = False
        self.polite = False
        self.connack = None
        self.answers = {}
        self.changed = threading.Condition()
        where = urlparse(url)
        own = {} if self.five else {"clean_session": clean}
        self.paho = mqtt.Client(
            client_id=clientId,
            protocol=version,
            transport="websockets" if where.scheme in ("ws", "wss") else "tcp",
            **own)
        if where.path:
            self.paho.ws_set_options(path=where.path)
        if ca:
            self.paho.tls_set(ca_certs=ca)
        if will:
            self.paho.will_set(will["topic"], base64.b64decode(will["payload"]), will["qos"], will["retained"])
        self.paho.reconnect_delay_set(NEVER, NEVER)
        self.paho.on_connect = self.on_connect
        self.paho.on_disconnect = self.on_disconnect
        self.paho.on_message = self.on_message
        self.paho.on_subscribe = self.on_subscribe
        self.paho.on_unsubscribe = self.on_unsubscribe
        begin = {}
        if self.five:
            wishes = Properties(PacketTypes.CONNECT)
            wishes.SessionExpiryInterval = 0 if clean else 300
            begin = {"clean_start": clean, "properties": wishes}
        self.paho.connect(where.hostname, where.port, **begin)
        self.paho.loop_start()

    def on_connect(self, client, userdata, flags, code, *more):
        with self.changed:
            self.connack = (flags, code)
            self.changed.notify_all()

    def on_disconnect(self, client, userdata, code, *more):
        with self.changed:
            first, self.lost = not self.lost, True
            self.changed.notify_all()
        if first and not self.polite and self.connack is not None:
            reason = code.value if isinstance(code, ReasonCodes) else -1
            tell({"event": "lost", "client": self.name, "reason": reason})

    def on_message(self, client, userdata, message):
        tell({
            "event": "message",
            "client": self.name,
            "topic": message.topic,
            "payload": base64.b64encode(message.payload).decode(),
            "qos": message.qos,
            "retained": bool(message.retain),
            "extras": extras(getattr(message, "properties", None)),
        })

    def on_subscribe(self, client, userdata, mid, granted, *more):
        self.answer(mid, granted)

    def on_unsubscribe(self, client, userdata, mid, *more):
        self.answer(mid, [])

    def answer(self, mid, value):
        with self.changed:
            self.answers[mid] = value
            self.changed.notify_all()

    def wait(self, what, done):
        with self.changed:
            if not self.changed.wait_for(done, SECONDS_MAX):
                raise TimeoutError(what)

    def connected(self):
        self.wait("no CONNACK", lambda: self.connack is not None or self.lost)
        flags, code = self.connack
        if code != 0:
            raise ConnectionError(str(code))
        return {"sessionPresent": bool(flags["session present"])}

    def subscribe(self, filter, qos):
        _, mid = self.paho.subscribe(filter, qos)
        self.wait("no SUBACK", lambda: mid in self.answers)
        granted = self.answers.pop(mid)[0]
        return {"qos": granted.value if isinstance(granted, ReasonCodes) else granted}

    def unsubscribe(self, filter):
        _, mid = self.paho.unsubscribe(filter)
        self.wait("no UNSUBACK", lambda: mid in self.answers)
        return {}

    def publish(self, messages):
        sent = [
            self.paho.publish(
                message["topic"],
                base64.b64decode(message["payload"]),
                message["qos"],
                message["retained"],
                properties(message["extras"]))
            for message in messages
        ]
        for each in sent:
            each.wait_for_publish(SECONDS_MAX)
            if not each.is_published():
                raise TimeoutError("not acknowledged")
        return {}

    def disconnect(self):
        self.polite = True
        self.paho.disconnect()
        self.paho.loop_stop()
        return {}


clients = {}


def handle(request, client, more):
    if request == "connect":
        clients[client] = Client(client, **more)
        return clients[client].connected()
    if request == "disconnect":
        known = clients.pop(client, None)
        return known.disconnect() if known else {}
    return getattr(clients[client], request)(**more)


for line in sys.stdin:
    asked = json.loads(line)
    number, name, who = asked.pop("id"), asked.pop("request"), asked.pop("client")
    try:
        tell({"id": number, "result": handle(name, who, asked)})
    except Exception as failure:
        tell({"id": number, "error": repr(failure)})
