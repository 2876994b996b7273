"""`callsheet render FILE.py`: validate, rehearse and render a Manim file."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer

from callsheet.cli.failures import FAILED, sentences
from callsheet.cli.interruption import tidying_up
from callsheet.cli.printing import eye, print_json
from callsheet.disk import check_home
from callsheet.errors import InvalidRequest, SceneFailed, SceneRejected
from callsheet.model.film.profile import PROFILES, ProfileName
from callsheet.model.film.rehearsal import RehearsalFacts
from callsheet.model.film.scenes import Finding, Origin, OriginKind, SceneCode, ValidatedSceneCode
from callsheet.model.run.attempts import SceneStage, trouble_of
from callsheet.scratch import scratch_dir
from callsheet.sources.text_files import read_text
from callsheet.storage.films import make_folder, save_render

MAX_SOURCE_BYTES = 1_000_000
_SILENT = (
    "The code speaks, and this command has no voice: the words take an estimated time. To hear them, give the code to "
    "`callsheet create`, as `code` of a scene."
)


@dataclass
class Report:
    """How far the scene came, and the findings on the way."""

    stage: SceneStage = SceneStage.VALIDATE
    ok: bool = False
    findings: tuple[Finding, ...] = ()
    remarks: tuple[Finding, ...] = ()
    facts: RehearsalFacts | None = None
    duration_s: float | None = None
    video: Path | None = None
    log_tail: str = field(default="", repr=False)

    def as_json(self) -> dict[str, Any]:
        """Return what `--json` prints; `error` is a problem of the file, an option or the machine."""
        return {
            "ok": self.ok,
            "stage": self.stage,
            "findings": [finding.model_dump() for finding in self.findings],
            "remarks": [remark.model_dump() for remark in self.remarks],
            "layout": [finding.model_dump() for finding in self.facts.layout] if self.facts else [],
            "duration_s": self.duration_s,
            "animations": self.facts.animations if self.facts else None,
            "video": str(self.video) if self.video else None,
            "error": None,
        }


def render(
    file: Annotated[Path, typer.Argument(help="Python file with a Manim scene.")],
    scene: Annotated[str, typer.Option(help="Class of the scene, if the file holds several.")] = "",
    profile: Annotated[ProfileName, typer.Option(help="Size and frame rate.", case_sensitive=False)] = ProfileName.HD,
    out: Annotated[Path, typer.Option(help="Folder for the video.")] = Path("out"),
    beside: Annotated[
        list[Path] | None,
        typer.Option(
            "--with",
            metavar="FILE",
            help="A picture, typeface or sound that the scene opens, or a module that it imports.",
        ),
    ] = None,
    validate_only: Annotated[bool, typer.Option("--validate-only", help="Check the code, run nothing.")] = False,
    rehearse_only: Annotated[bool, typer.Option("--rehearse", help="Run it with animations skipped.")] = False,
    no_validate: Annotated[bool, typer.Option("--no-validate", help="Send the code straight to the fence.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Check, rehearse and render a Manim file behind the fence.

    Exit code 0 only if every requested step succeeds.
    """
    report = Report()
    with sentences(as_json, report.as_json):
        _check_options(validate_only, rehearse_only, no_validate)
        last = SceneStage.VALIDATE if validate_only else SceneStage.REHEARSE if rehearse_only else SceneStage.RENDER
        if last is SceneStage.RENDER:
            make_folder(out)
        code = SceneCode(
            scene_name=file.stem,
            class_name=scene,
            source=_read(file),
            origin=Origin(kind=OriginKind.CODE, maker=file.name),
        )
        from callsheet.settings import settings
        from callsheet.sources.scene_files import checked_files

        check_home(settings().home, to_write=True, needs_little=True)
        way = _Path(file, profile, out, checked_files(beside or ()), last)
        with tidying_up():
            asyncio.run(way.render_by(code, report, is_checked=not no_validate))
    _print(report, file, as_json)
    if not report.ok:
        raise typer.Exit(FAILED)


def _check_options(validate_only: bool, rehearse_only: bool, no_validate: bool) -> None:
    if validate_only and rehearse_only:
        raise InvalidRequest("give just one of --validate-only and --rehearse", field="--rehearse")
    if validate_only and no_validate:
        raise InvalidRequest("leaves nothing to do beside --validate-only; give just one", field="--no-validate")


def _read(file: Path) -> str:
    try:
        return read_text(file, str(file), MAX_SOURCE_BYTES)
    except InvalidRequest as problem:
        raise InvalidRequest(str(problem), field="FILE") from None


@dataclass(frozen=True)
class _Path:
    """The steps of one scene: validate, rehearse, render, as far as `last`."""

    file: Path
    profile_name: ProfileName
    out: Path
    files: dict[str, Path]
    last: SceneStage

    async def render_by(self, code: SceneCode, report: Report, *, is_checked: bool) -> None:
        """Run the steps, up to `last` or to the first failure. Raise what is not the scene's fault."""
        try:
            validated = self._validated(code, is_checked)
            report.remarks = validated.remarks
            if self.last is not SceneStage.VALIDATE:
                await self._rehearse(validated, report)
            if self.last is SceneStage.RENDER:
                await self._render(validated, report)
            report.ok = True
        except SceneRejected as error:
            report.findings, report.remarks = error.findings, error.remarks
        except SceneFailed as error:
            report.findings = trouble_of(error).findings
            report.log_tail = error.log_tail

    def _validated(self, code: SceneCode, is_checked: bool) -> ValidatedSceneCode:
        from callsheet.scene_lint import load_catalogue, unchecked, validate
        from callsheet.settings import settings
        from callsheet.sources.scene_files import files_beside

        catalogue = load_catalogue(settings().catalogue_dir)
        if not is_checked:
            return unchecked(code, catalogue)
        beside = files_beside(self.files, self.files)
        return validate(code, catalogue, beside=beside)

    async def _rehearse(self, code: ValidatedSceneCode, report: Report) -> None:
        from callsheet.settings import settings
        from callsheet.stage import canaries, sandbox
        from callsheet.stage.limits import rehearsal_limits, stage_limits

        report.stage = SceneStage.REHEARSE
        eye.doing = "rehearsing behind the fence"
        await canaries.ensure_fence(settings().home, stage_limits(settings()))
        profile = PROFILES[self.profile_name]
        with scratch_dir(settings().scratch_dir, "rehearse") as folder:
            rehearsed = await sandbox.rehearse(code, profile, folder, rehearsal_limits(settings()), self.files)
        report.facts = rehearsed.facts
        report.duration_s = rehearsed.facts.frames / profile.frame_rate

    async def _render(self, code: ValidatedSceneCode, report: Report) -> None:
        from callsheet.media.untrusted import probe_untrusted_clip
        from callsheet.settings import settings
        from callsheet.stage import sandbox
        from callsheet.stage.limits import stage_limits

        report.stage = SceneStage.RENDER
        with scratch_dir(settings().scratch_dir, "render") as folder, eye.status("rendering") as status:
            total = report.facts.animations if report.facts else 0

            def say(words: str) -> None:
                eye.doing = words  # for a pipe, in which no status moves
                status.update(words)

            say("rendering")
            take = await sandbox.render(
                code,
                PROFILES[self.profile_name],
                folder,
                stage_limits(settings()),
                lambda played: say(f"rendering animation {played} of {total}"),
                self.files,
            )
            # Callsheet has not checked this file; it measures what comes out of the fence behind the fence.
            await probe_untrusted_clip(take.path, PROFILES[self.profile_name], stage_limits(settings()))
            report.video = save_render(take.path, code.class_name or code.scene_name, self.file, self.out)


def _print(report: Report, file: Path, as_json: bool) -> None:
    if as_json:
        print_json(report.as_json())
        return
    for finding in report.findings:
        eye.print(f"{file}:{finding.line}: {finding.message}", style="red", markup=False, soft_wrap=True)
    for remark in report.remarks:
        place = f"{file}:{remark.line}: " if remark.line else ""
        eye.print(f"{place}{remark.message}", style="yellow", markup=False, soft_wrap=True)
    for seen in report.facts.layout if report.facts else ():
        eye.print(f"{file}:{seen.line}: {seen.message}", style="yellow", markup=False, soft_wrap=True)
    if report.facts and report.facts.voiceovers.said:
        eye.print(_SILENT, style="yellow", markup=False, soft_wrap=True)
    if report.ok:
        typer.echo(_result(report))


def _result(report: Report) -> str:
    if report.facts is None:
        return "Nothing was found."
    measured = f"{report.duration_s:.2f} s, {report.facts.animations} animations"
    return f"{report.video} ({measured})" if report.video else f"It runs: {measured}"
