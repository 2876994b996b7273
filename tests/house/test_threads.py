"""No work in a thread waits for other work in a thread: one that did could wait for ever, as soon as threads are few.

Each place that starts threads, and each wait that blocks its thread, stands in a list here with the reason why it ends.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PRODUCT = ("callsheet", "tasks", "flows", "deployments")
# Behind the fence: a separate process that is ended after a time, whatever it waits for.
FENCED = ("callsheet/stage/child.py", "callsheet/stage/canary_scene.py", "callsheet/stage/templates/")

STARTS_THREADS = {"to_thread", "run_in_executor", "set_default_executor", "ThreadPoolExecutor", "Thread", "Timer"}
WHERE_THREADS_START = {
    "callsheet/threads.py": "a thread for each piece of work; every other module asks this one",
    "callsheet/client/sync.py": "a pool of one for one call, where the caller's thread runs an event loop already",
    "callsheet/embedded/forked_command.py": "one thread that reads a socket until the process that asked is gone",
    "callsheet/embedded/service_main.py": "one thread that reads standard input until the supervisor is gone",
    "callsheet/embedded/session.py": "one thread that imports the client; it waits for nothing",
    "callsheet/cli/printing.py": "one thread for a command, which says that it works; it ends with the command",
    "callsheet/media/command.py": "a reader of what one program says, and an alarm; both end with the program",
    "callsheet/media/reading.py": "a pool of one for one reader of frames, who alone waits for it",
    "callsheet/footage/local.py": "a pool of one for one writer of frames, who alone waits for it",
}
BLOCKS = {"Lock", "RLock", "Condition", "Barrier", "Semaphore", "Event", "Queue", "acquire", "join", "wait", "result"}
WAITS_FOR_PROGRAMS = {"run", "communicate", "check_output", "check_call"}
WHERE_WAITS_BLOCK = {
    "callsheet/server/event_stream.py": "a queue of asyncio, which is waited for on the event loop",
    "callsheet/client/sync.py": "its own pool of one, for the call that the caller wants to wait for",
    "callsheet/embedded/process.py": "short programs of this machine, each with its own end, before there is a loop",
    "callsheet/embedded/session.py": "the command line waits for its own server's end, and for an import",
    "callsheet/cli/printing.py": "the command waits for its thread, which looks often whether it may end",
    "callsheet/cli/run_and_wait.py": "the command line reads a result, in an event loop of its own",
    "callsheet/cli/watch.py": "the same, of a run that is over",
    "callsheet/cli/flows.py": "the command line waits for the registration that it has started",
    "callsheet/fence/running.py": "an event of asyncio, which is waited for on the event loop",
    "callsheet/stage/stills.py": "a task of asyncio that is over",
    "callsheet/fence/supervisor_client.py": "the process has ended: its handle could be read from",
    "callsheet/fence/supervisor.py": "a process of a single thread; what it waits for was killed",
    "callsheet/footage/local.py": "its own pool of one, for a frame that is being drawn",
    "callsheet/media/command.py": "one program, which an alarm kills after a time",
    "callsheet/media/reading.py": "its own pool of one, for a frame that is being read",
    "callsheet/speech/models.py": "held while one model is read, by a thread that needs no other one",
    "callsheet/formulas/typst_pages.py": "held while Typst sets one text, by a thread that needs no other one",
    "callsheet/storage/s3.py": "boto's own pool for one upload, whose requests end by their time limits",
    "callsheet/stage/voiceover/scene.py": "the scene's own wait, which is pictures and no time",
    "callsheet/scene_lint/catalogue.py": "held during one inspection, which is killed after a time; steps take "
    "turns on the event loop before they come here",
    "callsheet/stopping.py": "held for a few instructions",
}


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Every module of the product by its path, parsed."""
    for floor in PRODUCT:
        for path in sorted((ROOT / floor).rglob("*.py")):
            name = str(path.relative_to(ROOT))
            if not name.startswith(FENCED) or name in WHERE_WAITS_BLOCK:
                yield name, ast.parse(path.read_text(encoding="utf-8"))


def called(tree: ast.AST) -> Iterator[tuple[str, str, ast.Call]]:
    """Every call that is not awaited: what it is called on (as far as that is a name), its last name, and itself."""
    awaited = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Await)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or id(node) in awaited:
            continue
        match node.func:
            case ast.Attribute(value=ast.Name(id=owner), attr=name):
                yield owner, name, node
            case ast.Attribute(attr=name):
                yield "", name, node
            case ast.Name(id=name):
                yield "", name, node


def blocks(owner: str, name: str, call: ast.Call) -> bool:
    """Whether a call may wait for another thread or process, or makes what is waited for."""
    if owner == "asyncio":
        return False
    if name in {"wait", "result"}:
        return len(call.args) <= 1
    if name == "join":
        return not call.args  # a text's has one
    return name in BLOCKS or (owner == "subprocess" and name in WAITS_FOR_PROGRAMS) or name == "communicate"


def test_threads_start_in_few_places() -> None:
    """Nothing is handed to the event loop's default pool, or to another pool that many share."""
    found = {
        path
        for path, tree in modules()
        for node in ast.walk(tree)
        if (isinstance(node, ast.Name) and node.id in STARTS_THREADS)
        or (isinstance(node, ast.Attribute) and node.attr in STARTS_THREADS)
    }
    assert found == set(WHERE_THREADS_START)


def test_every_wait_that_blocks_its_thread_has_a_reason() -> None:
    """A new one needs a reason why it ends without another thread; else it waits on the event loop."""
    found = {path for path, tree in modules() for owner, name, call in called(tree) if blocks(owner, name, call)}
    assert found == set(WHERE_WAITS_BLOCK)


def test_a_lock_of_a_file_is_only_tried() -> None:
    """`flock` waits as long as another process likes; only a command's shared lock, for an instant, may do so."""
    waiting = {
        path
        for path, tree in modules()
        for _, name, call in called(tree)
        if name in {"flock", "lockf"} and not any(word in ast.unparse(call) for word in ("LOCK_NB", "LOCK_UN"))
    }
    assert waiting == {"callsheet/embedded/state.py"}


def test_what_is_looked_for_is_found() -> None:
    """The rules see each kind of wait, and let an awaited one and a text's `join` pass."""
    source = (
        "def f():\n    lock.acquire()\n    t.join()\n    p.wait(5)\n    q = Queue()\n    subprocess.run(a)\n"
        "async def g():\n    await p.wait()\n    ', '.join(a)\n    e = asyncio.Event()\n"
    )
    assert [name for owner, name, call in called(ast.parse(source)) if blocks(owner, name, call)] == [
        "acquire", "join", "wait", "Queue", "run",
    ]  # fmt: skip
