"""A worker that is not a JVM: it adds numbers."""
import json
import os
import socket
import struct
import sys

HELLO, READY, NAME, MESSAGE, CALL, REPLY, FAILURE, CANCEL, STARTED, NOT_STARTED, DRAIN, BYE, PING, PONG = range(1, 15)
NULL, BYTES, TEXT, JSON, VALUES = range(5)
HEADER = struct.Struct(">BBBBiiiqqq")

channel = socket.socket(fileno=os.dup(0))
bytes_read = 0


def read(count):
    global bytes_read
    data = b""
    while len(data) < count:
        part, descriptors, _, _ = socket.recv_fds(channel, count - len(data), 1)
        for descriptor in descriptors:  # the ledger, which STARTED replaces below
            os.close(descriptor)
        if not part:
            sys.exit(0)  # the parent is gone
        data += part
    bytes_read += count
    return data


def write(frame, number=0, content=NULL, headers=None, payload=b""):
    head = b""
    if headers:
        head = struct.pack(">H", len(headers))
        for name, value in headers.items():
            name, value = name.encode(), value.encode()
            head += struct.pack(">H", len(name)) + name + struct.pack(">i", len(value)) + value
    channel.sendall(HEADER.pack(0xC5, frame, content, 0, len(head) + len(payload), len(head), 0, number, bytes_read, 0)
                    + head + payload)


destinations = {}
while True:
    magic, frame, content, handle, body, head, destination, number, acknowledged, remaining = HEADER.unpack(read(40))
    headers, payload = read(head), read(body - head)
    if frame == HELLO:
        write(HELLO, headers={"protocol": "1", "pid": str(os.getpid())})
        write(READY)
    elif frame == NAME:
        destinations[destination] = payload.decode()
    elif frame == CALL and destinations.get(destination) == "sum":
        write(STARTED, number)  # before the work, so that the call never runs twice
        write(REPLY, number, JSON, payload=json.dumps(sum(json.loads(payload))).encode())
    elif frame == CALL:
        write(FAILURE, number, headers={"reason": "NO_LISTENER", "message": "this worker can only add"})
    elif frame == MESSAGE:
        write(STARTED, number)
    elif frame == PING:
        write(PONG)
    elif frame == DRAIN:
        write(BYE)
        sys.exit(0)
