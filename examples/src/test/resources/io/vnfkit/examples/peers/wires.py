# SPDX-License-Identifier: Apache-2.0
# Puts frames on interfaces and takes them off, every byte as it is on the wire: wires.py INTERFACE...
# A line of input is one of
#   send INTERFACE FRAME     in hexadecimal
#   flood INTERFACE FRAME    again and again until the link is gone
#   receive INTERFACE        answered by the next frame, or by "nothing" if none comes for ten seconds
#   left INTERFACE           answered by all frames that are there now
import socket
import struct
import sys
import threading

ALL_PROTOCOLS = 3
OUTGOING = 4
SOL_PACKET = 263
PACKET_AUXDATA = 8
AUXDATA = struct.Struct("=IIIHHHH")
VLAN_VALID = 0x10
VLAN_TPID_VALID = 0x40
PATIENCE = 10


def open_socket(interface):
    opened = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ALL_PROTOCOLS))
    opened.setsockopt(SOL_PACKET, PACKET_AUXDATA, 1)
    opened.bind((interface, ALL_PROTOCOLS))
    return opened


# The kernel takes the outer VLAN tag out of the frame and tells it beside.
def with_tag(frame, ancillary):
    for level, kind, data in ancillary:
        if level != SOL_PACKET or kind != PACKET_AUXDATA:
            continue
        status, _, _, _, _, tci, tpid = AUXDATA.unpack(data[:AUXDATA.size])
        if status & VLAN_VALID:
            assert status & VLAN_TPID_VALID
            return frame[:12] + struct.pack("!HH", tpid, tci) + frame[12:]
    return frame


# None if there is none in time. Groups of IPv6 are what the kernel talks to when an interface comes up.
def next_frame(opened, patience):
    opened.settimeout(patience)
    try:
        while True:
            frame, ancillary, _, address = opened.recvmsg(65536, 256)
            if address[2] != OUTGOING and not frame.startswith(b"\x33\x33"):
                return with_tag(frame, ancillary).hex()
    except (TimeoutError, BlockingIOError):
        return None


def flood(opened, frame):
    try:
        while True:
            opened.send(frame)
    except OSError:
        return


def left(opened):
    return iter(lambda: next_frame(opened, 0), None)


sockets = {interface: open_socket(interface) for interface in sys.argv[1:]}
print("open", flush=True)
for line in sys.stdin:
    command, interface, *frame = line.split()
    if command == "send":
        sockets[interface].send(bytes.fromhex(frame[0]))
    elif command == "flood":
        opened = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
        opened.bind((interface, 0))
        threading.Thread(target=flood, args=(opened, bytes.fromhex(frame[0])), daemon=True).start()
    elif command == "receive":
        print(next_frame(sockets[interface], PATIENCE) or "nothing", flush=True)
    else:
        print("-", *left(sockets[interface]), flush=True)
