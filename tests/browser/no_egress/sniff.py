#!/usr/bin/env python3
"""Lists every packet that arrives at a network interface, one JSON object a line, until SIGTERM; needs root.

usage: sniff.py INTERFACE FILE
Says "listening" on standard output once no packet can be missed any more. The interface is the far end of a cable that leads out of a network
namespace, so what arrives is what somebody inside wanted to send into the world. Nothing is left out: a packet of a kind that is not known here
is listed as bytes.
"""
import json
import signal
import socket
import struct
import sys

kAll = socket.htons(3)  # ETH_P_ALL
kProtocols = {1: 'icmp', 2: 'igmp', 6: 'tcp', 17: 'udp'}


def name_asked_for(question):
    """The name in the first question of a DNS query, whose header has been cut off."""
    labels, at = [], 0
    while at < len(question) and question[at] != 0:
        labels.append(question[at + 1:at + 1 + question[at]].decode('ascii', 'replace'))
        at += 1 + question[at]
    return '.'.join(labels)


def describe(frame):
    """What a frame says it is: kind, where it goes, and its first bytes."""
    packet = {'bytes': len(frame), 'begins': frame[:48].hex()}
    (kind,) = struct.unpack('!H', frame[12:14])
    if kind == 0x0806:
        packet |= {'kind': 'arp', 'asks_for': socket.inet_ntoa(frame[38:42])}
    elif kind == 0x86DD:
        packet |= {'kind': 'ipv6'}
    elif kind == 0x0800:
        header = 14 + 4 * (frame[14] & 15)
        protocol = frame[23]
        packet |= {'kind': kProtocols.get(protocol, f'ip protocol {protocol}'), 'to': socket.inet_ntoa(frame[30:34])}
        if protocol in (6, 17):
            packet['port'] = struct.unpack('!H', frame[header + 2:header + 4])[0]
            if protocol == 17 and packet['port'] == 53:
                packet['asks_for'] = name_asked_for(frame[header + 8 + 12:])
    else:
        packet |= {'kind': f'ethernet type {kind:#06x}'}
    return packet


def main():
    interface, path = sys.argv[1:]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, kAll) as listener, open(path, 'w', encoding='utf-8') as out:
        listener.bind((interface, 0))
        print('listening', flush=True)
        while True:
            frame, address = listener.recvfrom(65535)
            if address[2] == socket.PACKET_OUTGOING:
                continue  # sent by the far end itself, which sends nothing but could
            out.write(json.dumps(describe(frame)) + '\n')
            out.flush()


main()
