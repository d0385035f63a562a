"""Becomes a program after telling the parent watch about itself.

Run as a script, in front of every child: it writes its own process group to the parent watch's pipe and then replaces
itself by the program. The group is therefore known before the program runs its first instruction; there is no moment
in which a runner that dies leaves something behind. A parent watch that is gone makes the start fail.
"""

import os
import sys


def main() -> None:
    pipe, tier, program = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
    os.write(pipe, f"+ {tier} {os.getpid()}\n".encode())
    os.close(pipe)
    try:
        os.execvp(program[0], program)  # noqa: S606 (no shell is the point)
    except OSError as reason:
        sys.exit(f"{program[0]} cannot be started: {reason.strerror}")


if __name__ == "__main__":
    main()
