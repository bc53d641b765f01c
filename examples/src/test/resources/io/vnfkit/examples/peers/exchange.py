# SPDX-License-Identifier: Apache-2.0
# Sends frames on one interface and prints what another one gets for each: exchange.py SEND RECEIVE
# A line of input is a frame and a marker, in hexadecimal. The marker is forwarded by any router, and not before the frame:
# when its last eight bytes arrive, everything that the frame leads to has arrived too.
import os
import socket
import sys

ALL_PROTOCOLS = 3
OUTGOING = 4


def open_socket(interface):
    opened = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ALL_PROTOCOLS))
    opened.bind((interface, ALL_PROTOCOLS))
    opened.settimeout(10)
    return opened


def answers(receiver, end):
    found = []
    while True:
        frame, address = receiver.recvfrom(65536)
        if address[2] == OUTGOING:
            continue
        if frame.endswith(end):
            return found
        found.append(frame.hex())


# Frames sent on one CPU are forwarded there, in their order.
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
sender = open_socket(sys.argv[1])
receiver = open_socket(sys.argv[2])
for line in sys.stdin:
    frame, marker = (bytes.fromhex(word) for word in line.split())
    sender.send(frame)
    sender.send(marker)
    print("-", *answers(receiver, marker[-8:]), flush=True)
