"""The system calls that student code may make, as rules for the kernel (seccomp).

An allow-list: what is not named is answered as if the kernel had never heard of it (ENOSYS), so
that a C library which would rather use a younger call falls back to an older one. Named is what
Python, NumPy and matplotlib need to compute, to use threads and to read and write files. Not
named is what makes a process or a program, names another process, mounts, locks a file, watches
one, asks what was read before or who is at the other end of a line, or tells of the machine's
memory, disks, mounts and name.
"""

import ctypes
import errno
import os
import struct

# A name, its number on x86_64 and on aarch64; "-" where a machine has no such call.
ALLOWED = """
# Reading and writing open files
read 0 63, write 1 64, readv 19 65, writev 20 66, pread64 17 67, pwrite64 18 68, lseek 8 62,
close 3 57, close_range 436 436, dup 32 23, dup2 33 -, dup3 292 24,
ftruncate 77 46, fcntl 72 25, ioctl 16 29, pipe 22 -, pipe2 293 59,
# Files by their names
open 2 -, openat 257 56, stat 4 -, lstat 6 -, fstat 5 80, newfstatat 262 79, access 21 -,
faccessat 269 48, readlink 89 -, readlinkat 267 78, getdents64 217 61, getcwd 79 17,
chdir 80 49, fchdir 81 50, mkdir 83 -, mkdirat 258 34, rmdir 84 -, unlink 87 -,
unlinkat 263 35, rename 82 -, renameat 264 38, renameat2 316 276, symlink 88 -,
symlinkat 266 36, chmod 90 -, fchmod 91 52, fchmodat 268 53, truncate 76 45, umask 95 166,
utimensat 280 88, listxattr 194 11, llistxattr 195 12, flistxattr 196 13,
# Memory
mmap 9 222, munmap 11 215, mremap 25 216, mprotect 10 226, msync 26 227, brk 12 214,
madvise 28 233,
# Waiting, and the line to the grader
poll 7 -, ppoll 271 73, select 23 -, pselect6 270 72, epoll_create1 291 20, epoll_ctl 233 21,
epoll_wait 232 -, epoll_pwait 281 22, socketpair 53 199, sendto 44 206, recvfrom 45 207,
shutdown 48 210, getsockopt 55 209, getsockname 51 204, getpeername 52 205,
# Signals
rt_sigaction 13 134, rt_sigprocmask 14 135, rt_sigreturn 15 139, rt_sigpending 127 136,
rt_sigsuspend 130 133, rt_sigtimedwait 128 137, sigaltstack 131 132, kill 62 129,
tgkill 234 131, pause 34 -, alarm 37 -, setitimer 38 103, getitimer 36 102,
restart_syscall 219 128,
# Threads
clone 56 220, futex 202 98, set_robust_list 273 99, get_robust_list 274 100,
set_tid_address 218 96, rseq 334 293, sched_yield 24 124, sched_getaffinity 204 123,
gettid 186 178, prctl 157 167, exit 60 93, exit_group 231 94,
# Time
clock_gettime 228 113, clock_getres 229 114, clock_nanosleep 230 115, nanosleep 35 101,
gettimeofday 96 169, time 201 -, times 100 153,
# About itself
getpid 39 172, getppid 110 173, getuid 102 174, geteuid 107 175, getgid 104 176,
getegid 108 177, getresuid 118 148, getresgid 120 150, getgroups 115 158, getpgid 121 155,
getpgrp 111 -, getsid 124 156, getrlimit 97 163, prlimit64 302 261, getrandom 318 278,
"""
# Of these only with such a number as that argument (counted from 0).
ONLY = {
    # A thread, as glibc and musl start one. No other process: a limit for one is one for all.
    "clone": (0, {0x3D0F00, 0x7D0F00}),
    # Copies of descriptors, and their flags: no locks, leases, signals, or larger pipes.
    "fcntl": (1, {0, 1, 2, 3, 4, 1030}),
    # Whether it is a terminal and how large, close on exec, do not wait, how much can be read.
    "ioctl": (1, {0x5401, 0x5413, 0x5450, 0x5451, 0x5421, 0x541B}),
    # The kind of a socket, and its error: not who is at its other end, nor its number.
    "getsockopt": (2, {3, 4, 38, 39}),
    # Give memory back, in large pages or not: not what decides which pages of files are in memory.
    "madvise": (1, {4, 8, 14, 15}),
    "prctl": (0, {15, 16}),  # the name of a thread
    "prlimit64": (2, {0}),  # to read a limit
    "socketpair": (0, {1}),  # AF_UNIX
    "sendto": (3, {0, 0x4000}),  # nothing urgent; MSG_NOSIGNAL
}
MACHINES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
LOAD, EQUAL, GIVE = 0x20, 0x15, 0x06
ALLOW, REFUSE = 0x7FFF0000, 0x00050000 | errno.ENOSYS
# Where the kernel puts what a rule can look at, of an argument its lower half first.
NUMBER, MACHINE, ARGUMENTS = 0, 4, 16
PR_SET_SECCOMP, FILTER = 22, 2


def numbers(machine: str) -> dict[str, int]:
    """Return the allowed calls of a machine and their numbers."""
    column = 1 + [*MACHINES].index(machine)
    lines = (line for line in ALLOWED.splitlines() if not line.startswith("#"))
    calls = (call.split() for line in lines for call in line.strip(" ,").split(",") if call)
    return {call[0]: int(call[column]) for call in calls if call[column] != "-"}


def rules(machine: str) -> list[tuple[int, int, int, int]]:
    """Return the rules for a machine: what to do, lines to skip if so and if not, and a value."""
    refuse = (GIVE, 0, 0, REFUSE)
    # The numbers mean something else to a program for another machine, of 32 bits for example.
    lines = [(LOAD, 0, 0, MACHINE), (EQUAL, 1, 0, MACHINES[machine]), refuse, (LOAD, 0, 0, NUMBER)]
    for name, number in numbers(machine).items():
        then = [(GIVE, 0, 0, ALLOW)]
        if name in ONLY:
            argument, values = ONLY[name]
            low = ARGUMENTS + 8 * argument
            then = [(LOAD, 0, 0, low + 4), (EQUAL, 1, 0, 0), refuse, (LOAD, 0, 0, low)]
            for value in sorted(values):
                then += [(EQUAL, 0, 1, value), (GIVE, 0, 0, ALLOW)]
            then.append(refuse)
        lines += [(EQUAL, 0, len(then), number), *then]
    return [*lines, refuse]


def confine() -> None:
    """Refuse this process from now on every call that is not allowed; OSError if that fails."""
    lines = rules(os.uname().machine)
    text = b"".join(struct.pack("=HBBI", *line) for line in lines)
    held = ctypes.create_string_buffer(text, len(text))
    # The kernel's struct sock_fprog; the compiler fills up to the pointer.
    program = struct.pack("@HP", len(lines), ctypes.addressof(held))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_SECCOMP, FILTER, program, 0, 0):
        raise OSError(ctypes.get_errno(), "the rules for system calls are refused")
