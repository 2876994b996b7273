#!/usr/bin/env bash
# Installs what Callsheet needs on Debian 12, says what and why, and does nothing where it is all there.
#
#   scripts/setup.sh           what making videos needs
#   scripts/setup.sh --tests   and a browser, which the tests drive
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly VENV=.venv
readonly LOCK=requirements.lock
readonly PIP_LOG=$VENV/pip.log

say() { printf 'setup: %s\n' "$*"; }
stop() {
    printf 'setup: %s\n' "$*" >&2
    exit 1
}

main() {
    local with_tests=no
    case "${1-}" in
        '') ;;
        --tests) with_tests=yes ;;
        *) stop "$1 is not an option; there is only --tests." ;;
    esac
    is_done "$with_tests" && return
    install_system_packages "$with_tests"
    install_python_packages
    write_stamp "$with_tests"
    say "done; everything is in place."
}

# The stamp says what was installed, and where: when the lock, this script, the folder or the names of the commands
# change, set-up runs again.
stamp() {
    { pwd && cat "$LOCK" scripts/setup.sh && sed -n '/^\[project.scripts\]/,/^$/p' pyproject.toml; } |
        sha256sum | cut -d ' ' -f 1
}
stamp_file() { [ "$1" = yes ] && echo "$VENV/.setup-tests" || echo "$VENV/.setup"; }
is_done() {
    local file
    file=$(stamp_file "$1")
    [ -x "$VENV/bin/callsheet" ] && [ -f "$file" ] && [ "$(cat "$file")" = "$(stamp)" ]
}
write_stamp() {
    stamp >"$VENV/.setup"
    if [ "$1" = yes ]; then stamp >"$VENV/.setup-tests"; fi
}

# --- system packages ------------------------------------------------------------------------------------------------

install_system_packages() {
    want_missing "ffmpeg: reads, measures and joins media" ffmpeg
    want_missing "bubblewrap: the fence around scene code" bubblewrap
    want_missing "compiler and headers: Manim's text and drawing libraries are built here" \
        gcc libc6-dev pkg-config libcairo2-dev libpango1.0-dev
    want_python
    want_missing "espeak-ng: voices of a hundred languages" espeak-ng
    want_missing "typefaces: text, code, other scripts, Chinese/Japanese/Korean, and emoji" \
        fontconfig fonts-inter fonts-jetbrains-mono fonts-noto-core fonts-noto-cjk fonts-symbola
    want_missing "typefaces of the themes" fonts-ebgaramond fonts-lato fonts-league-spartan fonts-manrope \
        fonts-quicksand fonts-roboto-slab fonts-sora
    if [ "$1" = yes ]; then want_missing "Chromium: the tests watch a video in the Prefect UI" chromium; fi
    if [ "$1" = yes ]; then want_missing "libseccomp: the tests write the fence's filters again" libseccomp2; fi
    if [ "${#WANTED[@]}" -gt 0 ]; then
        apt_install "${WANTED[@]}" || stop "apt-get could not install ${WANTED[*]}; see above. Is there a network?"
    fi
    install_postgresql
}

WANTED=()
missing() { [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null)" != installed ]; }

# want REASON PACKAGE…: put packages on the list.
want() {
    say "installing ${*:2} ($1)"
    WANTED+=("${@:2}")
}

# want_missing REASON PACKAGE…: put those that are not installed on the list.
want_missing() {
    local package absent=()
    for package in "${@:2}"; do
        if missing "$package"; then absent+=("$package"); fi
    done
    if [ "${#absent[@]}" -gt 0 ]; then want "$1" "${absent[@]}"; fi
}

# A Python from elsewhere brings its own headers and venv; Debian's keeps them in separate packages.
want_python() {
    local python version
    if ! python=$(find_python); then
        want_missing "Python" python3.11 python3.11-dev python3.11-venv
    elif [ "$("$python" -c 'import sys; print(sys.base_prefix)')" = /usr ]; then
        version=$("$python" -c 'import sys; print("python%d.%d" % sys.version_info[:2])')
        want_missing "Python's headers, and venv" "$version-dev" "$version-venv"
    fi
}

# Without PostgreSQL the embedded server falls back to SQLite: slower, but it works. So nothing here is fatal.
install_postgresql() {
    if compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; then return; fi
    say "installing postgresql-15 (the Prefect server's database, private to Callsheet; no system-wide cluster is made)"
    if ! { apt_install postgresql-common && no_system_cluster && apt_install postgresql-15; }; then
        say "PostgreSQL could not be installed; the server will use SQLite, with few scenes at once."
    fi
}

# Debian's package makes and starts a cluster, unless its configuration forbids that before it is installed.
no_system_cluster() {
    local file=/etc/postgresql-common/createcluster.conf
    grep -qs '^create_main_cluster' "$file" || echo 'create_main_cluster = false' | as_root tee -a "$file" >/dev/null
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

apt_install() {
    command -v apt-get >/dev/null || stop "this is not Debian (no apt-get); install $* by hand, then run this again."
    [ "$(id -u)" = 0 ] || command -v sudo >/dev/null || stop "$* must be installed; run this as root or install sudo."
    if [ -z "${LISTS_ARE_FRESH-}" ]; then
        with_signs_of_life as_root apt-get -qq update || stop "apt-get update failed; is there a network?"
        LISTS_ARE_FRESH=yes
    fi
    with_signs_of_life as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes \
        --no-install-recommends "$@" </dev/null >/dev/null
}

# --- Python packages ------------------------------------------------------------------------------------------------

find_python() {
    local python
    for python in python3.11 python3; do
        if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$python"
            return
        fi
    done
    return 1
}

# Everything comes from the lock file and is checked against its hashes, the build backend of this project too.
install_python_packages() {
    local python
    python=$(find_python) || stop "Python 3.11 or newer is needed; install it and run this again."
    if [ "$("$VENV/bin/python" -c 'import sys; print(sys.prefix)' 2>/dev/null)" != "$PWD/$VENV" ]; then
        say "making a virtual environment in $VENV ($("$python" --version))"
        with_signs_of_life "$python" -m venv --clear "$VENV" || stop "$python -m venv $VENV failed; see above."
    fi
    say "installing Python packages from $LOCK (Prefect, Manim, Typst, PyAV and what they need; some minutes)"
    # The lock is complete, so nothing is resolved: pip would look for the newest of "sqlalchemy[asyncio]" and refuse it.
    pip install --no-deps --require-hashes --requirement "$LOCK" || stop_after_pip "$LOCK"
    say "linking this checkout into $VENV"
    pip install --no-deps --no-build-isolation --editable . || stop_after_pip "this checkout"
    write_command
    say "checking the voice models against their digests"
    "$VENV/bin/python" -c 'from callsheet.speech.models import check_models; check_models()' ||
        stop "a voice model is missing or damaged; remove $VENV and run this again."
}

# pip's command answers Ctrl-C with a traceback while Python looks for packages; callsheet/__main__.py says more.
write_command() {
    local command
    printf -v command '%q -P -S %q' "$PWD/$VENV/bin/python" "$PWD/callsheet/__main__.py"
    printf '#!/bin/sh\nexec %s "$@"\n' "$command" >"$VENV/bin/callsheet"
    chmod +x "$VENV/bin/callsheet"
}

# Only errors, and into a file: three minutes of lines about packages and about each try of a connection help no reader.
quiet_pip() { "$VENV/bin/python" -m pip -qq --disable-pip-version-check --retries 2 "$@" 2>"$PIP_LOG"; }
pip() { with_signs_of_life quiet_pip "$@"; }

# stop_after_pip WHAT: say why pip could not install it: there is no network, or what pip itself says.
stop_after_pip() {
    if grep -qE 'NewConnectionError|ConnectTimeout|ReadTimeout|ProxyError|MaxRetryError' "$PIP_LOG"; then
        stop "pip reaches no package index, so $1 is not installed. Connect this machine to the network" \
            "(behind a proxy, set HTTPS_PROXY; for an index of your own, set PIP_INDEX_URL), then run this again."
    fi
    grep -v '^WARNING' "$PIP_LOG" >&2 || true
    stop "pip could not install $1; see above."
}

# --- output ---------------------------------------------------------------------------------------------------------

# with_signs_of_life COMMAND…: run a command that says nothing, and say every ten seconds how long it takes.
with_signs_of_life() {
    local code=0 clock
    count_seconds </dev/null &
    clock=$!
    "$@" || code=$?
    kill "$clock" 2>/dev/null || true
    wait "$clock" 2>/dev/null || true
    return "$code"
}

count_seconds() {
    local begun=$SECONDS
    while sleep 10 >/dev/null 2>&1 && kill -0 "$$" 2>/dev/null; do
        printf 'setup: … %d s so far\n' "$((SECONDS - begun))" >&2
    done
}

main "$@"
