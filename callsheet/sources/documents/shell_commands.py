"""Tells commands for a shell from other code: by the language that the source names, and by the prompts in it."""

import re
from collections.abc import Iterator

from callsheet.model.film.document import MAX_ITEMS, CommandEntry

_SHELLS = {
    "bash",
    "sh",
    "shell",
    "zsh",
    "fish",
    "console",
    "terminal",
    "shell-session",
    "shellsession",
    "bash-session",
    "powershell",
    "ps1",
    "pwsh",
    "cmd",
    "bat",
    "doscon",
    "sh-session",
    "pycon-shell",
}
_PROMPT = re.compile(
    r"(?:\(\w[\w.-]*\) )?(?:[\w.-]+@[\w.-]+[:\s]?[^\s$#%>]*)?[$%❯➜] |PS [^>\n]*> ?|[A-Za-z]:\\[^>\n]*> ?"
)
_ROOT_PROMPT = re.compile(r"(?:[\w.-]+@[\w.-]+[:\s]?\S*)# ")
_CONTINUATION = re.compile(r"> ")
_SCRIPT = re.compile(
    r"^\s*(?:if|for|while|until|case|function|select|do|done|fi|esac|then|else|elif)\b|^\s*[\w-]+\(\)\s*\{|<<-?\s*['\"]?\w+|^\s*[{}]\s*$|^#!",
    re.MULTILINE,
)
_MOST_COMMANDS = 30


def commands_in(language: str, text: str) -> tuple[CommandEntry, ...]:
    """Return the commands that a person types, or nothing if the code is no such list."""
    shown = [line for line in text.splitlines() if line.strip()]
    if not shown:
        return ()
    has_prompts = any(_PROMPT.match(line) for line in shown)
    if has_prompts and (language in _SHELLS or (not language and _PROMPT.match(shown[0]))):
        entries = tuple(_of_session(text.splitlines()))
    elif language in _SHELLS and not _SCRIPT.search(text):
        entries = tuple(_of_list(text.splitlines()))
    else:
        return ()
    is_fit = 0 < len(entries) <= min(MAX_ITEMS, _MOST_COMMANDS) and any(entry.command for entry in entries)
    return entries if is_fit else ()


def _of_session(all_lines: list[str]) -> Iterator[CommandEntry]:
    """Yield the commands behind prompts, each with the lines below it as its output."""
    command, remarks, output = "", list[str](), list[str]()
    for line in all_lines:
        prompt = _PROMPT.match(line) or _ROOT_PROMPT.match(line)
        if prompt:
            if command or output:
                yield _entry(command, output, remarks)
                remarks = []
            command, output = line[prompt.end() :].strip(), []
        elif not output and (command.endswith("\\") or (command.endswith(("|", "&&")) and _CONTINUATION.match(line))):
            inner = _CONTINUATION.match(line)
            command = f"{command}\n{line[inner.end() :] if inner else line}".rstrip()
        elif line.startswith("# ") and not command:
            remarks.append(line)
        else:
            output.append(line)
    if command or any(line.strip() for line in output) or remarks:
        yield _entry(command, output, remarks)


def _of_list(all_lines: list[str]) -> Iterator[CommandEntry]:
    """Yield a command a line; lines that end with a backslash go on, and comments belong to the command below."""
    command, remarks = "", list[str]()
    for line in all_lines:
        if not command and line.lstrip().startswith("#"):
            remarks.append(line)
            continue
        command = f"{command}\n{line.rstrip()}" if command else line.strip()
        if command and not command.endswith(("\\", "`", "^")):
            yield _entry(command, [], remarks)
            command, remarks = "", []
    if command or remarks:
        yield _entry(command, [], remarks)


def _entry(command: str, output: list[str], remarks: list[str]) -> CommandEntry:
    remark = " ".join(line.strip().lstrip("#").strip() for line in remarks)
    return CommandEntry.model_construct(command=command, output="\n".join(output).strip("\n").rstrip(), remark=remark)
