"""Requests that are larger than the parameters that a server takes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prefect._internal.schemas.validators import validate_parameter_size
from prefect.client.orchestration import PrefectClient

from callsheet.errors import InvalidRequest
from callsheet.model.requests.pictures import ImagePairsRequest
from callsheet.model.requests.video import SceneBrief, SceneRequest, VideoRequest
from callsheet.server.large_requests import fit_request, fit_scenes
from callsheet.settings import settings
from callsheet.storage.large_scenes import (
    PARAMETERS_AT_MOST_BYTES,
    as_json,
    load_scenes,
    scenes_of,
    size_bytes,
    store_scenes,
)
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


async def test_pairs_of_pictures_keep_their_pictures_and_leave_their_words_in_the_store(store):
    """Names, pictures and takes stay with the run, and all comes back."""
    pair = {"first": "a.png", "last": "b.png", "prompt": "波が岸に寄せる。" * 600, "caption": "海" * 280, "take": 2}
    fields = {"title": "Pairs", "scenes": [{"name": str(number), **pair} for number in range(100)]}
    request = ImagePairsRequest.model_validate(fields)
    fitted = await fit_request(request, PrefectClient(HERE))
    assert size_bytes(as_json(fitted)) < 30_000
    assert {(scene.first, scene.last, scene.take) for scene in fitted.scenes} == {("a.png", "b.png", 2)}
    assert fitted.pictures() == request.pictures()
    assert load_scenes(fitted.scenes, store) == request.scenes


async def test_a_single_scene_leaves_its_code_in_the_store(store):
    """The request of one scene is like that of many."""
    request = SceneRequest(scene=SceneBrief(name="Alone", code="# 注釈\n" * 33_000), number=3)
    assert size_bytes(as_json(request)) > PARAMETERS_AT_MOST_BYTES
    fitted = await fit_request(request, PrefectClient(HERE))
    assert (fitted.label, size_bytes(as_json(fitted)) < 1_000) == (request.label, True)
    assert load_scenes(scenes_of(fitted), store) == (request.scene,)


def test_a_server_counts_letters_beyond_ascii_as_escapes():
    """What is 300 KB in a file may be 600 KB of parameters; Prefect itself says how many."""
    request = as_json(film_of({"name": "Wave", "prompt": "波" * 5_000}))
    with pytest.raises(ValueError, match=rf"got {size_bytes(request):,} bytes"):
        validate_parameter_size(request, 10_000)


async def test_what_is_too_large_without_its_scenes_is_refused(store):
    """References to many scenes with long names and addresses."""
    address = f"https://example.com/{'é' * 2_000}"
    pairs = [{"name": f"{n}", "first": f"{address}{n}", "last": f"{address}{n}b"} for n in range(50)]
    request = ImagePairsRequest.model_validate({"title": "Pairs", "scenes": pairs})
    with pytest.raises(InvalidRequest, match="takes 512 KB at most"):
        await fit_request(request, PrefectClient(HERE))


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        ("scenes/ab/nothing.json", "is gone; start the request file again"),
        ("../secret", "scene “Lost”"),
        ("videos/a.json", "is no stored scene"),
    ],
)
def test_a_reference_that_leads_nowhere_is_a_sentence(store, key, sentence):
    """A person has written into the field, or the store was emptied."""
    store.put_bytes(b"no json", "videos/a.json", "application/json")
    with pytest.raises(InvalidRequest, match=sentence):
        load_scenes([SceneBrief(name="Lost", stored=key)], store)
