"""Turns on the loopback of a new network namespace, then becomes a command: `unshare -n python3 FILE …`."""

import fcntl
import os
import socket
import struct
import sys

SET_FLAGS = 0x8914
UP = 0x1

with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
    fcntl.ioctl(any_socket, SET_FLAGS, struct.pack("16sh", b"lo", UP))
os.execvp(sys.argv[1], sys.argv[1:])
