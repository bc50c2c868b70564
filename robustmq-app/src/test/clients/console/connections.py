"""Connects so many clients of MQTT, says so, and holds them until its input ends. Arguments: port, count."""
import resource
import socket
import struct
import sys

port, count = int(sys.argv[1]), int(sys.argv[2])
soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
held = []
for number in range(count):
    client = b"client-%05d" % number
    connect = b"\x00\x04MQTT\x04\x02\x00\x00" + struct.pack(">H", len(client)) + client
    connection = socket.create_connection(("127.0.0.1", port))
    connection.sendall(b"\x10" + bytes([len(connect)]) + connect)
    held.append(connection)
for connection in held:
    if connection.recv(4) != b"\x20\x02\x00\x00":
        sys.exit("refused")
print("connected", flush=True)
sys.stdin.read()
