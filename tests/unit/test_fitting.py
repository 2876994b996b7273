"""Requests that are larger than the parameters that a server takes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prefect._internal.schemas.validators import validate_parameter_size
from prefect.client.orchestration import PrefectClient

from callsheet.client.fitting import PARAMETERS_AT_MOST_BYTES, as_json, fit_request, fit_scenes, size_bytes
from callsheet.errors import InvalidRequest
from callsheet.model.image_requests import ImagePairsRequest
from callsheet.model.requests import SceneBrief, VideoRequest
from callsheet.settings import settings
from callsheet.storage.large_scenes import load_scenes, store_scenes
from callsheet.storage.local import LocalStore
from tests.flows.films import titled

HERE, AWAY = "http://127.0.0.1:4200/api", "https://prefect.example.com/api"


def code_of(kilobytes, number=1):
    """Scene code of about this size."""
    return {"name": f"Part {number}", "code": f"# {number}\n" + "# a remark\n" * (kilobytes * 1000 // 11)}


def film_of(*scenes):
    """A video of these scenes."""
    return VideoRequest.model_validate({"title": "Large", "scenes": scenes})


@pytest.fixture
def store(monkeypatch, tmp_path):
    """An empty store, as the settings name it."""
    monkeypatch.setenv("CALLSHEET_HOME", str(tmp_path))
    settings.cache_clear()
    yield LocalStore(settings().media_dir, None)
    settings.cache_clear()


async def test_a_request_that_fits_travels_as_it_is(store):
    """Nothing is stored, and the form shows it whole."""
    request = film_of(titled("Small"), code_of(20))
    assert await fit_request(request, PrefectClient(HERE)) is request
    assert list(store.keys()) == []


async def test_a_large_request_leaves_its_scenes_in_the_store(store):
    """Names, order and takes stay with the run; the same request gives the same references, and all comes back."""
    scenes = [{**code_of(21, number), "take": number, "order": 100 - number} for number in range(1, 31)]
    request = film_of(titled("Opening", order=0), *scenes)
    assert size_bytes(as_json(request)) > PARAMETERS_AT_MOST_BYTES
    fitted = await fit_request(request, PrefectClient(HERE))
    assert size_bytes(as_json(fitted)) < 20_000
    assert [(s.name, s.order, s.take) for s in fitted.scenes] == [(s.name, s.order, s.take) for s in request.scenes]
    assert await fit_request(request, PrefectClient(HERE)) == fitted
    assert [s.scene.name for s in fitted.scene_requests()] == [s.scene.name for s in request.scene_requests()]
    assert load_scenes(fitted.scenes, store) == request.scenes


@pytest.mark.parametrize("letters", ["a", "é", "ж", "字", "😀", "\\", '"', "\n"])
def test_the_size_is_what_the_server_counts(letters):
    """The server itself passes a parameter of this size, and none that is larger."""
    parameters = as_json(film_of({"name": "Written", "prompt": f"a {letters}" * 700}))
    size = size_bytes(parameters)
    validate_parameter_size(parameters, size)
    with pytest.raises(ValueError, match="must be less than"):
        validate_parameter_size(parameters, size - 1)


async def test_a_request_in_another_script_leaves_its_scenes_in_the_store_in_time(store):
    """It has 300 KB as a file, and 900 where the server counts."""
    words = "Квадрат суммы равен сумме квадратов. " * 100
    request = film_of(*({"name": str(number), "prompt": words} for number in range(45)))
    fitted = await fit_request(request, PrefectClient(HERE))
    validate_parameter_size({"request": as_json(fitted)}, 512 * 1024)
    assert all(scene.stored for scene in fitted.scenes)


async def test_a_reference_keeps_what_was_changed_in_the_form(store):
    """Its name, its place and its take are those of the form; the rest is what was stored."""
    [reference] = store_scenes(film_of(code_of(21)).scenes, store)
    changed = SceneBrief(name="Renamed", take=3, stored=reference.stored)
    [loaded] = load_scenes([changed], store)
    assert (loaded.name, loaded.take, loaded.code) == ("Renamed", 3, code_of(21)["code"])


WORDS = st.text(st.characters(categories=["L", "M", "N", "P", "S", "Zs"]), max_size=3000)


@given(WORDS, WORDS.map("a{}".format))
def test_whatever_a_scene_holds_comes_back(tmp_path_factory, context, prompt):
    """Every script, and every kind of line."""
    store = LocalStore(tmp_path_factory.mktemp("media"), None)
    scenes = (SceneBrief(name="Written", prompt=prompt, context=context),)
    assert load_scenes(store_scenes(scenes, store), store) == scenes


async def test_a_server_elsewhere_can_not_look_into_a_folder_here(store):
    """It is refused before anything starts, with size, limit and ways out."""
    request = film_of(*(code_of(21, number) for number in range(30)))
    words = (
        r"request: it has 69\d KB, and the Prefect server at https://prefect.example.com/api takes 512 KB at most; .*"
    )
    with pytest.raises(InvalidRequest, match=words + r"fewer scenes.*CALLSHEET_STORAGE=s3:BLOCK"):
        await fit_request(request, PrefectClient(AWAY))
    with pytest.raises(InvalidRequest, match="takes 512 KB at most"):
        await fit_scenes(request.scenes, PrefectClient(AWAY))
    assert list(store.keys()) == []


async def test_what_can_not_be_divided_is_refused(store):
    """Pairs of pictures have no large scenes, only many."""
    pairs = [{"name": str(n), "first": "a.png", "last": "b.png", "prompt": "wave " * 390} for n in range(100)]
    fields = {"title": "Pairs", "scenes": [{**pair, "caption": "sea " * 70} for pair in pairs]}
    request = ImagePairsRequest.model_validate(fields)
    assert await fit_request(request, PrefectClient(HERE)) is request
    large = request.model_copy(update={"scenes": request.scenes * 3})
    with pytest.raises(InvalidRequest, match="takes 512 KB at most"):
        await fit_request(large, PrefectClient(HERE))


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        ("scenes/ab/nothing.json", "is gone; start the request file again"),
        ("../secret", "scene “Lost”"),
        ("videos/a.json", "is no stored scene"),
    ],
)
def test_a_reference_that_leads_nowhere_is_a_sentence(store, key, sentence):
    """Somebody has written into the field, or the store was emptied."""
    store.put_bytes(b"no json", "videos/a.json", "application/json")
    with pytest.raises(InvalidRequest, match=sentence):
        load_scenes([SceneBrief(name="Lost", stored=key)], store)
