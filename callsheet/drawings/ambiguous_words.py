"""Words that name a drawing and often mean something else, so that a sentence with one of them asks for no drawing.

“Train a model”, “a key idea” and “the merge conflict” show no train, no key and no swords.
"""

_ENGLISH = """
anchor arrow attention bank bat bear block bolt bookmark bow bowl box branch briefs brush bucket
building bus capital card cart cell chain chains chair chapter check circulation clamp clip
clipboard clover club coaster coat code coin component compass configuration conflict connection
construction container cook cooking correct country course crane cricket crop cross crown crutch
curl current custard cycle dart date decline decrease degree dependency derivative desert die
display dish done dove drawing dress duck duration environment failure fan file fire flash flat fly
fold folder form frame free frequency function gear grain ground growth guard hand head hook horn
human important incorrect increase insight iron jam jar joker judge key knot label launch law leaf
learning light line link locked log long loss mail mammoth man map mark match mate measure mechanics
media memory mine mirror model module mole mouse nail net network new next note novel object
objective package pack page pain park past patch patient pen phoenix pick picture pie piece pilot
pin pitch plug point pole pool port post pot power precision present press process production
program pupil question ram rank ray reaction reading record ring rock roll root rose ruler running
safe sail scale score screen scroll seal seat settings shell shield ship shorts sign slide soap
solution spring sprout stage stamp state station stem stick stop straw strength string studio table
tag tank target tear thinking thread ticket tie time tip top track train trap trip trunk turkey
umbrella uniform unlocked volume waiting wand watch wave way web well window wing wings woman wrong
yarn revolution circle square person startup
"""
_GERMAN = """
abhängigkeit ableitung abschluss absatz anstieg bahn bank bau berg birne blatt bock boxen brand
bremse brücke bus daumen dauer decke denken einsicht erfolg feder fehler fenster fliege form frage
frau gang gedächtnis genauigkeit gericht gewinn glas golf hahn haken haushalt hut kapital kapitel
karte kern kette kiefer kiste komponente kraft krebs kreis kreislauf kurs laden land leiter lernen
lesen licht linse lösung mann masse maus mechanik medien mensch messe modul mutter nagel netz note
ordner paket person pfeil platte presse produktion puppe reaktion revolution ring schalter schild
schirm schlange schloss schlüssel schritt spiegel spitze staat stamm start steuer stift stollen
strauß strom tafel taste technik ton tor umwelt verbindung verlust wachstum wagen wahl
wahrscheinlichkeit weiche welle wichtig wurzel zahl zeit zelle ziel zielsetzung zug
"""
ENGLISH, GERMAN = frozenset(_ENGLISH.split()), frozenset(_GERMAN.split())
