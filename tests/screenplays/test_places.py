"""The place of a panel: its heading says which one is drawn, in the words of several languages."""

import re
from xml.etree import ElementTree

import pytest

from callsheet.media.panels.cast import cast_of
from callsheet.media.panels.panel import draw_layers, draw_panel
from callsheet.media.panels.place_kinds import place_drawer
from callsheet.model.film.screenplay_analysis import CameraShot
from callsheet.writing.screenplay.script_facts import analyse
from callsheet.writing.screenplay.shot_rules import plan_shots
from tests.screenplays.conftest import screenplay_of

HEADINGS = {
    "courtroom": "INT. COURTROOM - DAY|INT. COURTHOUSE, MAIN COURT - DAY|INT. GERICHTSSAAL - TAG|INT. TRIBUNAL - JOUR",
    "machine_room": "INT. ENGINE ROOM|INT. SHIP - ENGINE ROOM - NIGHT|INT. FACTORY - DAY|INT. MASCHINENRAUM - NACHT",
    "kitchen": "INT. KITCHEN - SMITH HOUSE - DAY|INT. SMITH HOUSE - KITCHEN - DAY|INT. BAKERY|INT. COCINA - DÍA",
    "bathroom": "INT. BATHROOM - NIGHT|INT. HOTEL ROOM / BATHROOM - DAY|INT. SALLE DE BAIN - JOUR",
    "bedroom": "INT. BEDROOM - NIGHT|INT. MOTEL - NIGHT|INT. HABITACIÓN - NOCHE|内景 卧室 - 夜",
    "laboratory": "INT. LAB - NIGHT|INT. UNIVERSITY LABORATORY - DAY|INT. LABOR - TAG",
    "cell": "INT. PRISON - DAY|INT. POLICE STATION - HOLDING CELL - DAY|INT. GEFÄNGNIS - NACHT",
    "library": "INT. PUBLIC LIBRARY - DAY|INT. BIBLIOTHEK - TAG",
    "office": "INT. POST OFFICE - DAY|INT. POLICE STATION - NIGHT|INT. BÜRO - TAG|INT. OFICINA - DÍA",
    "restaurant": "INT. DINER - NIGHT|INT. TRUCK STOP - NIGHT|INT. RESTAURANTE - NOCHE",
    "bar": "INT. PUB - NIGHT|INT. KNEIPE - NACHT",
    "shop": "INT. TOY SHOP - DAY|INT. MAGASIN - JOUR|INT. TIENDA - DÍA",
    "classroom": "INT. CLASSROOM - DAY|INT. SCHULE - TAG",
    "ward": "INT. HOSPITAL - ROOM 12 - NIGHT|INT. EMERGENCY ROOM - DAY|INT. KRANKENHAUS - TAG",
    "corridor": "INT. HOSPITAL - CORRIDOR - NIGHT|INT. HOTEL - DAY|INT. STATION - LOBBY|INT. COULOIR - NUIT",
    "concourse": "INT. TRAIN STATION - DAY|INT. AIRPORT, TERMINAL 2 - NIGHT|INT. BAHNHOF - TAG|内景. 车站 - 日",
    "stairs": "INT. STAIRWELL|INT. HOUSE - STAIRCASE - NIGHT|INT. TREPPENHAUS - TAG|INT. ESCALIER - JOUR",
    "nave": "INT. CHURCH - DAY|INT. KIRCHE - TAG|INT. IGLESIA - DÍA",
    "attic": "INT. ATTIC - DAY|INT. DACHBODEN - NACHT",
    "cellar": "INT. BASEMENT - NIGHT|INT. OLD HOUSE, CELLAR - NIGHT|INT. SÓTANO - NOCHE",
    "warehouse": "INT. WAREHOUSE - NIGHT|INT. LAGERHALLE - NACHT",
    "workshop": "INT. WORKSHOP - DAY|INT. BARN - DAWN",
    "cave": "INT. CAVE - DAY|INT. HÖHLE - TAG",
    "tent": "INT. TENT - NIGHT|INT. ZELT - NACHT|INT. TIENDA DE CAMPAÑA - NOCHE",
    "living_room": "INT. HOUSE - DAY|INT. LIVING ROOM - DAY|INT. WOHNZIMMER - TAG|INT. TAXI DRIVER'S HOME",
    "craft": "INT. FERRY CABIN - NIGHT|INT. SUBMARINE - DAY",
    "car": "INT./EXT. ROSA'S CAR - MOVING - NIGHT|INT. CAR|I/E TAXI - DAY|INT. BACK OF THE VAN - DAY|"
    "INT. STREIFENWAGEN|INT. GARAGE - TRUCK - NIGHT|INT. VOITURE - NUIT|INT. COCHE - NOCHE",
    "stage": "INT. THEATRE - NIGHT|INT. CONCERT HALL - NIGHT",
    "carriage": "INT. TRAIN - CORRIDOR - NIGHT|INT. TRAIN CAR - DAY|INT. ZUGABTEIL|INT. U-BAHN",
    "cabin": "INT. AIRPLANE - NIGHT|INT. PRIVATE JET - DAY|INT. FLUGZEUG - TAG|INT. AVIÓN - DÍA",
    "cockpit": "INT. COCKPIT - DAY|INT. HELICOPTER - DAY",
    "lift": "INT. HOTEL - LIFT - NIGHT|INT. AUFZUG - TAG",
    "spaceship": '.SPACE STATION "MERIDIAN" - CORRIDOR|INT. SPACESHIP - BRIDGE - NIGHT|INT. RAUMSCHIFF - TAG',
    "room": "INT. ROOM - DAY|INT. SHIPPING AGENCY - DAY|INT. TRAINING CENTER|INT. INTERROGATION ROOM|INT. XANADU",
    "space": "EXT. SPACE|EXT. SPACE STATION - CONTINUOUS|EXT. WELTRAUM",
    "moon": "EXT. MOON - DAY|EXT. THE SURFACE OF THE MOON|EXT. LUNAR BASE - NIGHT",
    "mars": "EXT. MARS - DAY|EXT. SURFACE OF MARS - DUSK",
    "desert": "EXT. DESERT ROAD - DAY|EXT. WÜSTE - TAG",
    "mountains": "EXT. MOUNTAIN - DUSK|EXT. MONTAÑA - DÍA",
    "cemetery": "EXT. CEMETERY - DAY|EXT. CHURCH - GRAVEYARD - NIGHT|EXT. CIMETIÈRE - JOUR",
    "roof": "EXT. ROOFTOP - NIGHT|EXT. BUILDING - ROOF - NIGHT",
    "railway_platform": "EXT. RAILWAY STATION - DAWN|EXT. STATION, PLATFORM 3 - NIGHT|EXT. BAHNHOF - TAG|"
    "НАТ. СТАНЦИЯ - ДЕНЬ",
    "lighthouse": "EXT. LIGHTHOUSE - DAWN|EXT. LEUCHTTURM - NACHT",
    "shore": "EXT. BEACH - DAWN|EXT. PLAGE - JOUR",
    "dock": "EXT. HARBOUR - DAY|INT./EXT. BOAT - DAY",
    "battlefield": "EXT. BATTLEFIELD - DAWN|EXT. TRENCH - NIGHT",
    "parking_lot": "EXT. PARKING LOT - NIGHT|EXT. HOSPITAL PARKING SPACE - DAY|EXT. PARKPLATZ - TAG",
    "road": "EXT. HIGHWAY - DAY|EXT. CAR - DAY|EXT. AUTOBAHN - NACHT",
    "village": "EXT. VILLAGE - DAY|EXT. DORF - TAG|EXT. PUEBLO - DÍA",
    "homestead": "EXT. SMITH HOUSE - DAY",
    "meadow": "EXT. FIELD - NIGHT|EXT. BACKYARD - DAY|EXT. HILL ABOVE THE TOWN|EXT. XANADU - DAY",
    "jungle": "EXT. JUNGLE - DAY|EXT. SELVA - DÍA",
    "forest": "EXT. WOODS - NIGHT|EXT. FOREST - FULL MOON|EXT. WALD - NACHT",
    "bridge": "EXT. RIVER BRIDGE - DUSK|EXT. BRÜCKE - TAG",
    "market": "EXT. MARKET - DAY|EXT. MARCHÉ - JOUR",
    "river": "EXT. RIVER - DAWN|EXT. FLUSS - TAG",
    "pool": "EXT. HOTEL - SWIMMING POOL - DAY|EXT. PISCINE - JOUR",
    "underwater": "EXT. UNDERWATER - DAY",
    "clouds": "EXT. SKY - DAY",
    "town": "EXT. SKYSCRAPER - DAY|EXT. POLICE STATION - DAY|"
    "EXT. COURTHOUSE - DAY|EXT. MARKET STREET - DAY|.THE WHOLE TOWN - CONTINUOUS|EXT. CALLE - NOCHE",
    "nowhere": ".THE DREAM",
}
"""What draws a place, and headings of it."""


def first_scene(heading, words="Quiet."):
    """Return what is found in a screenplay of one scene."""
    return analyse(screenplay_of(f"{heading}\n\n{words}\n"))


@pytest.mark.parametrize(("place", "headings"), HEADINGS.items())
def test_the_heading_says_which_place_is_drawn(place, headings):
    """A room says more than its building, a car more than where it is, and what is unknown is plain."""
    found = {heading: place_drawer(first_scene(heading).scenes[0]).__name__ for heading in headings.split("|")}
    assert found == dict.fromkeys(headings.split("|"), place)


def test_each_place_is_another_drawing():
    """Each is well formed."""
    drawn = set()
    for headings in HEADINGS.values():
        facts = first_scene(headings.split("|")[0])
        svg = draw_panel(CameraShot(name="1.1", scene=1, size="wide"), facts)
        assert ElementTree.fromstring(svg).tag.endswith("svg")
        drawn.add(svg)
    assert len(drawn) == len(HEADINGS)


def test_rain_falls_under_the_sky_alone():
    """A car keeps it out, though its heading says that it is seen from without as well."""
    shot = CameraShot(name="1.1", scene=1, size="wide")
    wet = {
        heading: draw_panel(shot, first_scene(heading, "Rain.")) != draw_panel(shot, first_scene(heading))
        for heading in ("EXT. STREET", "EXT. XANADU", "INT./EXT. CAR", "EXT. SPACE", ".CORRIDOR")
    }
    assert [heading for heading, is_wet in wet.items() if is_wet] == ["EXT. STREET", "EXT. XANADU"]


def test_people_sit_in_a_car_behind_its_dashboard():
    """Whatever the size of the shot. The wheel is before the driver alone, and a car in a car is not drawn."""
    facts = first_scene("INT. CAR - DAY", "ROSA (40) drives. TOM (30) sleeps.\n\nROSA\nHm.\n\nTOM\nHm.")
    shot = CameraShot(name="1.1", scene=1, size="wide", seen=("ROSA",))
    wide, medium = (draw_layers(shot.model_copy(update={"size": size}), facts).figures for size in ("wide", "medium"))
    tom = draw_layers(shot.model_copy(update={"seen": ("TOM",)}), facts).figures
    assert wide == medium
    assert ("<ellipse" in wide.rpartition("</g>")[2], "<ellipse" in tom.rpartition("</g>")[2]) == (True, False)
    empty = shot.model_copy(update={"seen": ()})
    stops = empty.model_copy(update={"action": "The car stops."})
    assert draw_panel(empty, facts) == draw_panel(stops, facts)


@pytest.mark.parametrize(
    ("introduced", "animal", "label"),
    [
        ("A green REX sits.", "", ""),
        ("REX, a rusty robot, waits.", "robot", ""),
        ("REX (3), an old grey wolf, waits.", "wolf", ""),
        ("A small drone, REX, hovers.", "", "REX"),
        ("REX (40), a dog trainer, waits.", "", ""),
        ("REX (40), a robot engineer, waits.", "", ""),
    ],
)
def test_a_thing_that_speaks_is_drawn_as_what_it_is(introduced, animal, label):
    """One that is not among the drawings is a shape with its name. Those who work with it are people."""
    facts = first_scene("EXT. STREET - DAY", f"{introduced}\n\nREX\nHello.")
    figure = cast_of(facts.characters)["REX"]
    assert (figure.animal, figure.label, figure.is_person) == (animal, label, not (animal or label))
    layers = draw_layers(CameraShot(name="1.1", scene=1, size="full", seen=("REX",)), facts, ["REX"])
    assert ("data:image/png" in layers.figures) == bool(label)
    assert (layers.speaking["REX"] != layers.figures) == bool(label or not animal)


def test_an_animal_beside_a_person_is_as_large_as_that_animal():
    """A cat is no tiger; a cow is more than twice as high."""
    scales = {}
    for animal in ("cat", "cow"):
        facts = first_scene("EXT. FIELD - DAY", f"KARL (45) looks at a {animal}.\n\nKARL\nHello.")
        shot = CameraShot(name="1.1", scene=1, size="full", seen=("KARL",), action=f"KARL looks at a {animal}.")
        [scale] = re.findall(r"scale\(-?([\d.]+) ", draw_layers(shot, facts).ground)
        scales[animal] = float(scale)
    assert scales["cow"] / scales["cat"] == pytest.approx(0.85 / 0.3, rel=1e-3)


@pytest.mark.parametrize(
    ("name", "animal"),
    [
        ("PARROT", "parrot"),
        ("BLACK CAT", "cat"),
        ("ROBOT 2", "robot"),
        ("MR. FOX", ""),
        ("HANS WOLF", ""),
        ("DOGMA", ""),
    ],
)
def test_a_name_that_is_a_kind_of_animal_is_that_animal(name, animal):
    """Surnames of people are none."""
    facts = first_scene("EXT. STREET - DAY", f"{name} waits.\n\n{name}\nHello.")
    assert [figure.animal for figure in cast_of(facts.characters).values()] == [animal]


def test_an_animal_has_the_colour_that_is_said_of_it():
    """A collar says nothing of its fur."""
    drawn = {}
    for looks in ("a dog", "a black dog", "a dog with black fur", "a dog with a black collar"):
        facts = first_scene("EXT. STREET - DAY", f"REX (3), {looks}, barks.\n\nREX\nWuff.")
        drawn[looks] = draw_layers(CameraShot(name="1.1", scene=1, size="full", seen=("REX",)), facts).figures
    assert drawn["a black dog"] == drawn["a dog with black fur"] != drawn["a dog"]
    assert drawn["a dog with a black collar"] == drawn["a dog"]


def test_a_room_is_dark_from_the_line_at_which_its_light_goes_out_to_the_one_at_which_it_is_back():
    """Also those who are in it. Lamps out of doors and lights that a person turns to change nothing."""
    page = (
        "INT. LIFT - DAY\n\nIDA (60) waits.\n\nThe {} goes out.\n\nIDA\nHello?\n\nIda waits.\n\n"
        "The light comes back. She laughs.\n"
    )
    for word, dark in (("light", [False, True, True, True, False]), ("kettle", [False] * 5)):
        screenplay = screenplay_of(page.format(word))
        facts = analyse(screenplay)
        layers = [draw_layers(shot, facts) for shot in plan_shots(screenplay, facts)]
        assert ["feColorMatrix" in each.ground for each in layers] == dark
        assert ["feColorMatrix" in each.figures for each in layers if each.figures] == [
            is_dark for is_dark, each in zip(dark, layers, strict=True) if each.figures
        ]
    again = "INT. CABIN - NIGHT\n\nThe cabin light flickers and dies. All lights come back on. The light is blue.\n"
    assert analyse(screenplay_of(again)).scenes[0].switches == (3, 3)
    outside = "EXT. STREET - NIGHT\n\nThe lights go out.\n"
    assert analyse(screenplay_of(outside)).scenes[0].switches == ()
    german = "INNEN. LIFT - TAG\n\nDas Licht geht aus.\n\nDas Licht geht wieder an.\n"
    assert analyse(screenplay_of(german)).scenes[0].switches == (3, 5)
