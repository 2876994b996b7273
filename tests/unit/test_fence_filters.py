"""The filters of system calls: what they say, instruction by instruction, for both kinds of processor."""

import errno
import runpy
import struct
from pathlib import Path

import pyseccomp
import pytest

from callsheet.fence.walls import FILTERS

ROOT = Path(__file__).parents[2]
# linux/audit.h, linux/seccomp.h, linux/bpf_common.h
AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
ARCH = {"x86_64": pyseccomp.Arch.X86_64, "aarch64": pyseccomp.Arch.AARCH64}
I386 = 0x40000003
ALLOW, KILL_PROCESS = 0x7FFF0000, 0x80000000
REFUSED, UNKNOWN = 0x00050000 | errno.EPERM, 0x00050000 | errno.ENOSYS
LOAD, AND, RETURN = 0x20, 0x54, 0x06
JUMPS = {
    0x15: lambda value, k: value == k,
    0x25: lambda value, k: value > k,
    0x35: lambda value, k: value >= k,
    0x45: lambda value, k: bool(value & k),
}


def verdict(program: bytes, number: int, arch: int, *arguments: int) -> int:
    """What the kernel would do, by running the program as it does (struct sock_filter on struct seccomp_data)."""
    data = struct.pack("<iIQ6Q", number, arch, 0, *arguments, *[0] * (6 - len(arguments)))
    instructions = list(struct.iter_unpack("<HBBI", program))
    at = value = 0
    while True:
        code, if_true, if_false, k = instructions[at]
        at += 1
        if code == RETURN:
            return k
        if code == LOAD:
            (value,) = struct.unpack_from("<I", data, k)
        elif code == AND:
            value &= k
        elif code == 0x05:
            at += k
        else:
            at += if_true if JUMPS[code](value, k) else if_false


@pytest.fixture(params=AUDIT_ARCH)
def judged(request: pytest.FixtureRequest):
    """`judged(name, *arguments)`: the verdict on a system call, on each kind of processor."""
    program = (FILTERS / f"{request.param}.bpf").read_bytes()

    def judge(name: str, *arguments: int) -> int:
        number = pyseccomp.resolve_syscall(ARCH[request.param], name)
        assert number >= 0, name
        return verdict(program, number, AUDIT_ARCH[request.param], *arguments)

    return judge


@pytest.mark.parametrize("name", ["mount", "unshare", "setns", "ptrace", "bpf", "keyctl", "add_key", "io_uring_setup",
                                  "userfaultfd", "perf_event_open", "process_vm_readv", "open_by_handle_at", "mknodat",
                                  "kexec_load", "personality", "pidfd_getfd", "move_mount", "fsopen"])  # fmt: skip
def test_what_a_scene_never_needs_is_refused(judged, name: str):
    """With an error, so that a program that only tries continues."""
    assert judged(name) == REFUSED


@pytest.mark.parametrize("name", ["read", "write", "openat", "mmap", "futex", "execve", "pipe2", "wait4", "getrandom",
                                  "memfd_create", "socketpair"])  # fmt: skip
def test_what_programs_live_on_is_allowed(judged, name: str):
    """Python, Manim, FFmpeg and LaTeX run behind it."""
    assert judged(name) == ALLOW


def test_sockets_are_local(judged):
    """AF_UNIX, as its own process may use it; no internet, netlink, packet, vsock or crypto socket."""
    assert judged("socket", 1, 1) == ALLOW
    assert {judged("socket", family, 1) for family in (2, 10, 16, 17, 38, 40)} == {REFUSED}


def test_processes_and_threads_are_made_without_namespaces(judged):
    """A fork and a thread pass; any flag of a namespace does not."""
    sigchld, thread = 0x11, 0x3D0F00
    assert {judged("clone", sigchld), judged("clone", thread)} == {ALLOW}
    flags = (0x80, 0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000)
    assert {judged("clone", flag | sigchld) for flag in flags} == {REFUSED}
    assert judged("clone3") == UNKNOWN


def test_nobody_types_into_the_terminal(judged):
    """With and without rubbish in the upper half of the argument, which the kernel ignores."""
    assert {judged("ioctl", 0, 0x5412), judged("ioctl", 0, 0xDEAD00005412), judged("ioctl", 0, 0x541C)} == {REFUSED}
    assert judged("ioctl", 0, 0x5413) == ALLOW


@pytest.mark.parametrize("processor", AUDIT_ARCH)
def test_system_calls_of_another_processor_end_the_process(processor: str):
    """They have other numbers: a 32-bit call would pass for something else."""
    program = (FILTERS / f"{processor}.bpf").read_bytes()
    assert verdict(program, 11, I386) == KILL_PROCESS


def test_x32_calls_end_the_process():
    """The third set of numbers that an x86_64 kernel may know."""
    program = (FILTERS / "x86_64.bpf").read_bytes()
    assert verdict(program, 0x40000000 | 1, AUDIT_ARCH["x86_64"]) == KILL_PROCESS


@pytest.mark.parametrize("processor", AUDIT_ARCH)
def test_the_filters_are_those_of_the_script(processor: str):
    """Written again, they are the same to the byte; another libseccomp may order them otherwise."""
    if pyseccomp.get_api() < 5:
        pytest.skip("this libseccomp is older than the one that wrote them")
    script = runpy.run_path(str(ROOT / "scripts/seccomp_filters.py"))
    assert script["program"](processor) == (FILTERS / f"{processor}.bpf").read_bytes()
