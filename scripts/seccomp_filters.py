"""The writer of the fence's filters of system calls: callsheet/fence/filters/<processor>.bpf, one for each processor.

    .venv/bin/python scripts/seccomp_filters.py

They are programs for the kernel (struct sock_filter), which bwrap loads. What is not named here is allowed: a list of
everything that is allowed would break with the next C library. Refused are system calls that reach what namespaces
don't hold off (keys, kernel rings, other address families) or that make attacks on the kernel easy.
"""

import errno
import tempfile
from pathlib import Path

import pyseccomp

FILTERS = Path(__file__).parents[1] / "callsheet/fence/filters"
PROCESSORS = {"x86_64": pyseccomp.Arch.X86_64, "aarch64": pyseccomp.Arch.AARCH64}

REFUSED = {
    "mounts and namespaces": "chroot fsconfig fsmount fsopen fspick mount mount_setattr move_mount open_tree pivot_root"
    " setns umount umount2 unshare",
    "other processes": "kcmp migrate_pages move_pages pidfd_getfd process_madvise process_vm_readv process_vm_writev"
    " ptrace",
    "kernel interfaces with a history": "add_key bpf fanotify_init fanotify_mark io_uring_enter io_uring_register"
    " io_uring_setup keyctl lookup_dcookie memfd_secret perf_event_open request_key userfaultfd vmsplice",
    "the machine": "acct adjtimex clock_adjtime clock_settime create_module delete_module finit_module init_module"
    " ioperm iopl kexec_file_load kexec_load nfsservctl query_module quotactl quotactl_fd reboot setdomainname"
    " sethostname settimeofday stime swapoff swapon sysfs syslog vhangup",
    "memory policy and old modes": "get_mempolicy mbind modify_ldt personality set_mempolicy set_mempolicy_home_node"
    " uselib ustat",
    "files by handle, device files": "mknod mknodat name_to_handle_at open_by_handle_at",
    "messages between processes": "mq_notify mq_open mq_timedreceive mq_timedsend mq_unlink msgget semget shmget",
}
# linux/sched.h: NEWTIME, NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET
NAMESPACE_FLAGS = (0x80, 0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000)
AF_UNIX = 1
# asm-generic/ioctls.h: a program could type into the terminal from which it was started.
TIOCSTI, TIOCLINUX = 0x5412, 0x541C
ALL_BITS = 0xFFFFFFFF


def program(processor: str) -> bytes:
    """Return the filter for `processor`."""
    rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    _only(rules, PROCESSORS[processor])
    rules.set_attr(pyseccomp.Attr.ACT_BADARCH, pyseccomp.KILL_PROCESS)
    refusal = pyseccomp.ERRNO(errno.EPERM)
    for name in " ".join(REFUSED.values()).split():
        if pyseccomp.resolve_syscall(PROCESSORS[processor], name) >= 0:
            rules.add_rule(refusal, name)
    # Its flags lie in memory, where a filter can't look; the C library then falls back to clone.
    rules.add_rule(pyseccomp.ERRNO(errno.ENOSYS), "clone3")
    for flag in NAMESPACE_FLAGS:
        rules.add_rule(refusal, "clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, flag, flag))
    rules.add_rule(refusal, "socket", pyseccomp.Arg(0, pyseccomp.NE, AF_UNIX))
    for request in (TIOCSTI, TIOCLINUX):
        rules.add_rule(refusal, "ioctl", pyseccomp.Arg(1, pyseccomp.MASKED_EQ, ALL_BITS, request))
    return _exported(rules)


def _only(rules: pyseccomp.SyscallFilter, processor: pyseccomp.Arch) -> None:
    """Make the filter one for this processor alone, on every machine."""
    native = pyseccomp.system_arch()
    if processor != native:
        rules.add_arch(processor)
        rules.remove_arch(native)


def _exported(rules: pyseccomp.SyscallFilter) -> bytes:
    with tempfile.TemporaryFile() as file:
        rules.export_bpf(file)
        file.seek(0)
        return file.read()


if __name__ == "__main__":
    for processor in PROCESSORS:
        content = program(processor)
        (FILTERS / f"{processor}.bpf").write_bytes(content)
        print(f"{processor}: {len(content) // 8} instructions")
