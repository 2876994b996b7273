r"""Formulas: LaTeX and Typst, read, checked, set by Typst and given in MathML.

`source` decides in which language a formula is. `latex` reads LaTeX with the tables of `latex_signs`, and `chemistry`
reads `\ce{…}`. `notation` finds what Typst would show otherwise than people mean it. `typst_pages` holds the compiler.
"""

from callsheet.formulas.source import TypstFormula, fault_in, is_latex, mathematics, mathml_of, typst_of
from callsheet.formulas.typst_pages import UnsettableError

__all__ = ["TypstFormula", "UnsettableError", "fault_in", "is_latex", "mathematics", "mathml_of", "typst_of"]
