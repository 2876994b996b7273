"""The storyboard of a film of picture pairs: its pictures and music, its price, and its view for people."""

from functools import partial
from html import escape

from callsheet.footage.pictures import picture_in_frame
from callsheet.media.pairs_sheet import MOST, ShownPair, draw_pairs_sheet
from callsheet.model.film.media import StoredObject
from callsheet.model.film.profile import PROFILES
from callsheet.model.film.sound import MusicBed
from callsheet.model.footage.jobs import FootageEstimate
from callsheet.model.footage.orders import at_most_usd, may_cost, missing_of, total_estimate_usd
from callsheet.model.requests.pictures import Asking, ImagePairsRequest, PairRequest
from callsheet.model.values import Value
from callsheet.threads import in_a_thread
from tasks import policies, wiring
from tasks.footage import estimate_footage
from tasks.intake import take_in_music_bed, take_in_pictures
from tasks.publishing import store_picture
from tasks.run.approval import ask_for_approval, can_wait, was_asked
from tasks.run.artifacts import show_page, show_picture
from tasks.run.budget import allow_costs, find_objection
from tasks.run.footage_report import cell, price_of_all, price_words, report_estimate, shown_picture, time_of_all
from tasks.step import step

# A picture on the sheet is drawn at this width first; the sheet shows it at a third of it or less.
DRAWN_WIDTH_PX = 720


class PicturePairs(Value):
    """A request with local copies of all that it names, and the cost of each of its scenes."""

    request: ImagePairsRequest
    pairs: tuple[PairRequest, ...]
    estimates: dict[str, FootageEstimate]
    """By the scenes' labels."""
    music: MusicBed | None

    @property
    def estimate_usd(self) -> float:
        """Return what all scenes cost, those that are kept among them."""
        return total_estimate_usd(self.estimates.values())

    @property
    def to_pay_usd(self) -> float | None:
        """Return what is to be paid now; None if a price is unknown."""
        return at_most_usd(missing_of(self.estimates.values()))


async def lay_out(request: ImagePairsRequest) -> PicturePairs:
    """Take in pictures and music, and estimate the scenes.

    Raise InvalidRequest about the wrong field.
    """
    pictures = await take_in_pictures(request.pictures())
    pairs = request.pair_requests(pictures)
    estimates = await estimate_footage({pair.label: pair.order() for pair in pairs})
    return PicturePairs(
        request=request,
        pairs=pairs,
        estimates=estimates,
        music=await take_in_music_bed(request.music) if request.music else None,
    )


async def approve_pairs(request: ImagePairsRequest) -> PicturePairs:
    """Return the storyboard to make, approved by a person if necessary; show it in the run.

    Approval is necessary if the request asks for it, or if the costs exceed a cap. In this case the first call does not
    return (see `ask_for_approval`).

    Raises:
        NotApproved: the person rejects it.
        InvalidRequest: about the field that is wrong.
    """
    board = await lay_out(request)
    objection = await find_objection(board.to_pay_usd)
    asking = board.request.approval
    # A run that has asked once keeps that answer.
    is_wanted = was_asked() or asking is Asking.ALWAYS
    if asking is Asking.PAID:
        is_wanted = is_wanted or (may_cost(board.estimates.values()) and can_wait())
    if not (objection or is_wanted):
        await show_board(board)
        return board

    async def lay_out_changed(plan: ImagePairsRequest) -> PicturePairs:
        return board if plan == request else await lay_out(plan)

    agreed = await ask_for_approval(request, partial(show_board, board), lay_out_changed, objection)
    if agreed is not board:
        await show_board(agreed)
    await allow_costs(agreed.to_pay_usd)
    return agreed


async def show_board(board: PicturePairs) -> str:
    """Show estimate, table and contact sheet as artifacts; return the page for the decision."""
    sheet = wiring.media_url(await _sheet_of(board))
    title = board.request.title
    page = _estimate_page(board)
    if sheet is not None:
        await show_picture(key="pairs", description=f"Pictures of “{title}”", image_url=sheet)
        page += f"\n\n![Pictures of the scenes]({sheet})"
    await report_estimate(board.estimates)
    await show_page(key="storyboard", description=f"Storyboard of “{title}”", markdown=_table(board))
    return page


async def _sheet_of(board: PicturePairs) -> StoredObject:
    shown = board.pairs[:MOST]
    notes = tuple(_note(pair, board.estimates[pair.label]) for pair in shown)
    scenes = f"{len(board.pairs)} scenes" if len(board.pairs) > 1 else "1 scene"
    estimates = board.estimates.values()
    total = f"{scenes} · {price_of_all(estimates)} · {time_of_all(estimates)}"
    return await _draw_pairs(shown, len(board.pairs), notes, board.request.title, total)


@step(policies.SHEETING, name="draw-pairs")
async def _draw_pairs(
    pairs: tuple[PairRequest, ...], total: int, notes: tuple[str, ...], title: str, note: str
) -> StoredObject:
    async with wiring.at_hand("sheet", [picture for pair in pairs for picture in pair.pictures]) as (folder, paths):
        sheet = folder / "pairs.jpg"
        profile = PROFILES[pairs[0].profile]
        size = (DRAWN_WIDTH_PX, round(DRAWN_WIDTH_PX * profile.height / profile.width))
        opened = [partial(picture_in_frame, path, *size, pairs[0].fit) for path in paths]
        shown = [
            ShownPair(first, last, pair.label, words)
            for pair, words, first, last in zip(pairs, notes, opened[::2], opened[1::2], strict=True)
        ]
        await in_a_thread(draw_pairs_sheet, shown, total, size[0] / size[1], title, note, sheet)
        return await store_picture(sheet)


def _note(pair: PairRequest, estimate: FootageEstimate) -> str:
    length = f"{pair.scene.duration_s:g} s"
    return " · ".join(part for part in (length, price_words(estimate), pair.scene.prompt) if part)


def _estimate_page(board: PicturePairs) -> str:
    estimates = board.estimates.values()
    missing = len(missing_of(estimates))
    kept = sum(estimate.is_kept for estimate in estimates)
    made_by = ", ".join(sorted({f"{each.provider} {each.model}" for each in estimates}))
    rows = [
        ("scenes", f"{len(board.pairs)}" + (f", {kept} of them kept from an earlier run" if kept else "")),
        ("length", f"about {sum(pair.scene.duration_s or 0 for pair in board.pairs):.0f} s"),
        ("made by", made_by),
        ("predictions", str(missing)),
        ("price", price_of_all(estimates)),
        ("time", time_of_all(estimates)),
    ]
    table = "\n".join(f"| {name} | {cell(value)} |" for name, value in rows)
    return f"“{escape(board.request.title)}”, as it stands:\n\n| | |\n| --- | --- |\n{table}\n\n{_table(board)}"


def _table(board: PicturePairs) -> str:
    """Return every scene with its first and last picture, as markdown."""
    rows = [
        f"| {cell(pair.label)} | {shown_picture(pair.pictures[0])} | {shown_picture(pair.pictures[1])} "
        f"| {cell(pair.scene.prompt)} | {cell(pair.scene.caption)} | {pair.scene.duration_s:g} "
        f"| {price_words(board.estimates[pair.label])} |"
        for pair in board.pairs
    ]
    heads = "| scene | first | last | prompt | caption | seconds | price |"
    return "\n".join([heads, "|---|---|---|---|---|---|---|", *rows])
