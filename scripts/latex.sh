#!/usr/bin/env bash
# Installs a small LaTeX on Debian 12 for formulas in scene code, and sets one formula with it.
#
# Callsheet does without: Typst sets these formulas if there is no LaTeX (docs/latex.md).
set -euo pipefail

# Manim's template is of the class standalone, with the packages babel, amsmath, amssymb and preview. Debian has
# standalone in texlive-latex-extra alone. dvisvgm makes outlines of what LaTeX sets.
readonly PACKAGES=(texlive-latex-extra dvisvgm)

say() { printf 'latex: %s\n' "$*"; }
stop() {
    printf 'latex: %s\n' "$*" >&2
    exit 1
}

main() {
    if ! is_there; then install; fi
    try_out
    say "LaTeX is installed; it sets MathTex and Tex in scene code."
}

is_there() { [ -x /usr/bin/latex ] && [ -x /usr/bin/dvisvgm ]; }

install() {
    command -v apt-get >/dev/null || stop "this is not Debian (no apt-get); install latex and dvisvgm in /usr/bin by hand."
    [ "$(id -u)" = 0 ] || command -v sudo >/dev/null || stop "run this as root or install sudo."
    say "installing ${PACKAGES[*]} and what they need (about 60 MB to fetch, 375 MB on the disk)"
    as_root apt-get -qq update || stop "apt-get update failed; is there a network?"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends "${PACKAGES[@]}" \
        </dev/null >/dev/null || stop "apt-get could not install ${PACKAGES[*]}; see above."
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# Set a formula in the way Manim does, in a subshell that takes its folder away.
try_out() (
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
    cd "$folder"
    printf '%s\n' '\documentclass[preview]{standalone}' '\usepackage[english]{babel}' '\usepackage{amsmath}' \
        '\usepackage{amssymb}' '\begin{document}' '\begin{align*}\frac{1}{2}\in\mathbb{Q}\end{align*}' \
        '\end{document}' >formula.tex
    /usr/bin/latex -interaction=batchmode -halt-on-error formula.tex >/dev/null &&
        /usr/bin/dvisvgm --page=1- --no-fonts --verbosity=0 --output=formula.svg formula.dvi ||
        stop "LaTeX is installed, but sets no formula; see above."
)

main "$@"
