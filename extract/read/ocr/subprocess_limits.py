"""Runs a program that must not outlive whoever started it: ``python leash.py SECONDS MEGABYTES PARENT PROGRAM ARGUMENT...``.

The program takes this process over, with a limit on its processor time and memory, and on Linux dies with process PARENT. That is
asked for here and not between fork and exec, where a process of several threads may do next to nothing.
"""

import os
import resource
import signal
import sys

if __name__ == "__main__":
    seconds, megabytes, parent = map(int, sys.argv[1:4])
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    if sys.platform == "linux":
        import ctypes

        _, most = resource.getrlimit(resource.RLIMIT_AS)
        most = megabytes << 20 if most == resource.RLIM_INFINITY else min(most, megabytes << 20)
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        set_death_signal = 1
        ctypes.CDLL(None).prctl(set_death_signal, signal.SIGKILL)
        if os.getppid() != parent:  # it died before it could be asked for
            sys.exit(1)
    os.execv(sys.argv[4], sys.argv[4:])
