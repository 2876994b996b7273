"""The fence.

It runs one module of ours with untrusted code or data, and lets only named results out.

    worker --(one JSON line)--> supervisor --> bwrap --> boot --> the job's module --(frames on a pipe)--> supervisor

The worker describes the run as data (`job`, `walls`) and waits for its `Ending` (`running`). Everything from the
supervisor on is the standard library alone: `supervisor`, `launch`, `mounts`, `cgroups`, `intake` outside of the fence;
`boot` and `protocol` inside of it.
"""
