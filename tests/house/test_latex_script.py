"""`make latex` ends well if LaTeX sets a formula, with a sentence if it does not, and leaves nothing behind."""

import os
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts/latex.sh"


@pytest.mark.parametrize("sets_formulas", [True, False])
def test_one_formula_is_tried_and_its_folder_is_gone(tmp_path: Path, sets_formulas: bool) -> None:
    """Programs of this folder stand for those of the machine, which may have no LaTeX."""
    programs, scratch = tmp_path / "bin", tmp_path / "scratch"
    programs.mkdir()
    scratch.mkdir()
    latex = "#!/bin/sh\ntest -s formula.tex && cp formula.tex formula.dvi\n" if sets_formulas else "#!/bin/sh\nexit 1\n"
    for name, text in (("latex", latex), ("dvisvgm", "#!/bin/sh\ntest -s formula.dvi\n")):
        (programs / name).write_text(text, encoding="utf-8")
        (programs / name).chmod(0o755)
    script = tmp_path / "latex.sh"
    script.write_text(SCRIPT.read_text(encoding="utf-8").replace("/usr/bin/", f"{programs}/"), encoding="utf-8")
    done = subprocess.run(
        ["bash", script], env=os.environ | {"TMPDIR": str(scratch)}, capture_output=True, text=True, check=False
    )
    assert [*scratch.iterdir()] == []
    assert done.returncode == (0 if sets_formulas else 1)
    told = "LaTeX is installed; it sets MathTex and Tex in scene code."
    assert (done.stdout, done.stderr) == (
        (f"latex: {told}\n", "")
        if sets_formulas
        else ("", "latex: LaTeX is installed, but sets no formula; see above.\n")
    )
