"""Becomes a program after telling the parent watch about itself.

Run as a script, in front of every child: it writes its own process group to the parent watch's pipe and then replaces
itself by the program. The group is therefore known before the program runs its first instruction; there is no moment
in which a runner that dies leaves something behind. A parent watch that is gone makes the start fail.

For the case that runner and parent watch are both killed it leaves a file, named after tier and process group, and a lock
on it that lasts as long as any process of the group: what the next runner finds locked still runs.
"""

import fcntl
import os
import sys


def main() -> None:
    pipe, tier, folder, program = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4:]
    if folder:
        mark = os.open(os.path.join(folder, f"{tier}.{os.getpid()}"), os.O_RDWR | os.O_CREAT, 0o600)  # noqa: PTH118
        fcntl.flock(mark, fcntl.LOCK_SH)
        os.set_inheritable(mark, True)
    os.write(pipe, f"+ {tier} {os.getpid()}\n".encode())
    os.close(pipe)
    try:
        os.execvp(program[0], program)  # noqa: S606 (no shell is the point)
    except OSError as reason:
        sys.exit(f"{program[0]} cannot be started: {reason.strerror}")


if __name__ == "__main__":
    main()
