"""Results of steps are whole on the disk, or not there: a retry reads them."""

from pathlib import Path

from tests.small_disk import run_on_disk

# As a step keeps its result, on a real file system.
PROGRAM = """
import asyncio, sys
from pathlib import Path
from prefect import flow_engine
from prefect.filesystems import LocalFileSystem
from prefect.results import ResultStore
import tasks
from callsheet.errors import SetupIncomplete

async def keep(root):
    store = ResultStore(result_storage=LocalFileSystem(basepath=str(root)), persist_result=True)
    await store.awrite("small", key="small")
    try:
        await store.awrite("x" * 3_000_000, key="large")
    except SetupIncomplete as error:
        print(error)
    for value in ("small", "x" * 3_000_000):
        state = await flow_engine.return_value_to_state(value, result_store=store, key="scene", write_result=True)
        print(state.is_completed(), state.data is None)
    (root / "scene").unlink()
    print((await store.aread("small")).result, await store.aexists("large"), [each.name for each in root.iterdir()])

asyncio.run(keep(Path(sys.argv[1])))
"""


def test_a_full_disk_leaves_no_part_of_a_result(tmp_path: Path):
    """An empty file under its name would end the retry of the run, when there is room again."""
    disk = tmp_path / "disk"
    sentence, kept, lost, left = run_on_disk(disk, "size=1m", PROGRAM, timeout_s=60).splitlines()
    assert sentence.startswith(f"The disk of {disk} is full (")
    assert (kept, lost) == ("True False", "True True"), "a retry runs the scene again whose result is lost"
    assert left == "small False ['small']"
