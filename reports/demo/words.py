"""The words the demo company is made of. All names are invented."""

SOURCE = "demo"
DOMAIN = "demo.example"
PASSWORD = "demo-kam-2026"  # noqa: S105 - published on purpose; the demo has nothing to protect
COMPANY = "Brennhagen Maschinenbau (Demo)"
TEAMS = ["Vertrieb Nord (Demo)", "Vertrieb Süd (Demo)"]
MODEL = "Key Accounts (Demo)"
ROUND = "Bewertungsrunde (Demo)"
OPEN_ROUND = "Nachbewertung (Demo)"

# The company's own sites: where service comes from.
SITES = [
    {
        "name": "Zentrale Kassel (Demo)",
        "street": "Maschinenweg 1",
        "postal_code": "34117",
        "city": "Kassel",
        "country": "Deutschland",
        "latitude": "51.3127",
        "longitude": "9.4797",
    },
    {
        "name": "Servicezentrum Hamburg (Demo)",
        "street": "Am Hafen 12",
        "postal_code": "20457",
        "city": "Hamburg",
        "country": "Deutschland",
        "latitude": "53.5438",
        "longitude": "9.9884",
    },
    {
        "name": "Servicezentrum Augsburg (Demo)",
        "street": "Werkstraße 40",
        "postal_code": "86152",
        "city": "Augsburg",
        "country": "Deutschland",
        "latitude": "48.3705",
        "longitude": "10.8978",
    },
]

PEOPLE = [
    ("leonie.falk", "Leonie Falk", "leader"),
    ("jonas.ritter", "Jonas Ritter", "kam"),
    ("miriam.oster", "Miriam Oster", "kam"),
    ("paul.weidner", "Paul Weidner", "kam"),
    ("sofia.lang", "Sofia Lang", "account_manager"),
    ("tim.harms", "Tim Harms", "account_manager"),
    ("nora.beck", "Nora Beck", "sales"),
    ("emil.kraft", "Emil Kraft", "service"),
    ("ida.vogt", "Ida Vogt", "operations"),
    ("ruben.stein", "Ruben Stein", "viewer"),
]

STEMS = [
    "Achtermann",
    "Adlung",
    "Bergstroem",
    "Birkholz",
    "Brandauer",
    "Cordes",
    "Dahlke",
    "Drexler",
    "Ebersbach",
    "Eickhoff",
    "Falkenried",
    "Fehrmann",
    "Gerlinger",
    "Grünwald",
    "Haberkorn",
    "Hellweg",
    "Hoyerswerk",
    "Ihlow",
    "Jägerndorf",
    "Kaltenbach",
    "Kirchhain",
    "Kolberg",
    "Lauterbach",
    "Lindqvist",
    "Löwenich",
    "Marquardsen",
    "Meerbusch",
    "Nordhoff",
    "Oberländer",
    "Ostermann",
    "Pfälzer",
    "Quandtner",
    "Rabenstein",
    "Reichwald",
    "Rödinger",
    "Sandweg",
    "Schönfelder",
    "Steinhauer",
    "Tannhof",
    "Uhlenbrock",
    "Vahrenholz",
    "Wachendorf",
    "Wendelstein",
    "Wolkenhauer",
    "Xanter",
    "Ypsilanti",
    "Zeppenfeld",
    "Zollner",
]
TRADES = ["Antriebstechnik", "Werkzeugbau", "Präzisionsteile", "Anlagenbau", "Fördertechnik"]
INDUSTRIES = [
    "Automotive",
    "Medizintechnik",
    "Luftfahrt",
    "Energie",
    "Lebensmittel",
    "Chemie",
    "Maschinenbau",
    "Logistik",
]
FORMS = ["GmbH", "AG", "GmbH & Co. KG", "KG", "SE"]
CITIES = [
    ("Stuttgart", "70173", 48.7758, 9.1829),
    ("München", "80331", 48.1372, 11.5755),
    ("Hamburg", "20095", 53.5511, 9.9937),
    ("Köln", "50667", 50.9375, 6.9603),
    ("Nürnberg", "90402", 49.4521, 11.0767),
    ("Leipzig", "04109", 51.3397, 12.3731),
    ("Bielefeld", "33602", 52.0302, 8.5325),
    ("Ulm", "89073", 48.4011, 9.9876),
    ("Kassel", "34117", 51.3127, 9.4797),
    ("Dresden", "01067", 51.0504, 13.7373),
    ("Bremen", "28195", 53.0793, 8.8017),
    ("Augsburg", "86150", 48.3705, 10.8978),
    ("Osnabrück", "49074", 52.2799, 8.0472),
    ("Chemnitz", "09111", 50.8278, 12.9214),
    ("Freiburg", "79098", 47.999, 7.8421),
]
ABROAD = [
    ("Zürich", "8001", "Schweiz", 47.3769, 8.5417),
    ("Linz", "4020", "Österreich", 48.3069, 14.2858),
    ("Eindhoven", "5611", "Niederlande", 51.4416, 5.4697),
    ("Göteborg", "411 03", "Schweden", 57.7089, 11.9746),
]
FIRST_NAMES = [
    "Anna",
    "Ben",
    "Clara",
    "David",
    "Elif",
    "Felix",
    "Greta",
    "Hannes",
    "Ines",
    "Jakob",
    "Katrin",
    "Lukas",
    "Mara",
    "Nils",
    "Olga",
    "Philipp",
    "Rahel",
    "Stefan",
    "Theresa",
    "Viktor",
    "Wiebke",
    "Yusuf",
]
LAST_NAMES = [
    "Albers",
    "Bach",
    "Cremer",
    "Dietz",
    "Engel",
    "Fuchs",
    "Groß",
    "Hahn",
    "Jansen",
    "Keller",
    "Lorenz",
    "Maurer",
    "Neumann",
    "Otto",
    "Petersen",
    "Richter",
    "Schäfer",
    "Thiele",
    "Ullrich",
    "Voß",
    "Winter",
    "Ziegler",
    "Öztürk",
    "Kowalski",
]
TITLES = [
    ("Geschäftsführung", "Geschäftsleitung"),
    ("Leitung Einkauf", "Einkauf"),
    ("Produktionsleitung", "Produktion"),
    ("Instandhaltung", "Technik"),
    ("Leitung Technik", "Technik"),
    ("Strategischer Einkauf", "Einkauf"),
    ("Controlling", "Finanzen"),
]

# group code, name, kind, then (code, name, list price, share of cost)
OFFERINGS = [
    (
        "BAZ",
        "Bearbeitungszentren",
        "goods",
        [
            ("BAZ-400", "Bearbeitungszentrum B400", 148000, 0.66),
            ("BAZ-630", "Bearbeitungszentrum B630", 236000, 0.64),
            ("BAZ-800", "Bearbeitungszentrum B800", 318000, 0.63),
            ("BAZ-MINI", "Bearbeitungszentrum Mini", 89000, 0.68),
        ],
    ),
    (
        "AUT",
        "Automation",
        "goods",
        [
            ("AUT-ROB", "Beladeroboter", 64000, 0.6),
            ("AUT-PAL", "Palettenspeicher", 47000, 0.61),
            ("AUT-VIS", "Bildprüfung", 28500, 0.5),
            ("AUT-CELL", "Fertigungszelle", 182000, 0.65),
        ],
    ),
    (
        "WZG",
        "Werkzeuge und Spannmittel",
        "goods",
        [
            ("WZG-FRS", "Fräsersatz", 1450, 0.48),
            ("WZG-BOR", "Bohrersatz", 980, 0.47),
            ("WZG-SPN", "Spannfutter", 2350, 0.52),
            ("WZG-NUL", "Nullpunktspanner", 3900, 0.5),
            ("WZG-MES", "Messtaster", 2750, 0.45),
            ("WZG-HAL", "Werkzeughalter", 420, 0.44),
            ("WZG-SAE", "Sägeblattsatz", 640, 0.46),
        ],
    ),
    (
        "ERS",
        "Ersatzteile",
        "goods",
        [
            ("ERS-SPI", "Spindel", 14800, 0.55),
            ("ERS-LAG", "Lagersatz", 1900, 0.46),
            ("ERS-DIC", "Dichtungssatz", 260, 0.35),
            ("ERS-PUM", "Kühlmittelpumpe", 3100, 0.5),
            ("ERS-STE", "Steuerungsmodul", 5400, 0.58),
            ("ERS-FIL", "Filterpaket", 180, 0.32),
            ("ERS-ACH", "Achsantrieb", 7600, 0.57),
            ("ERS-SEN", "Sensorpaket", 890, 0.42),
        ],
    ),
    (
        "SRV",
        "Service",
        "service",
        [
            ("SRV-WAR", "Wartung", 2900, 0.62),
            ("SRV-REP", "Reparatureinsatz", 1850, 0.7),
            ("SRV-INB", "Inbetriebnahme", 7400, 0.68),
            ("SRV-SCH", "Schulung", 2400, 0.4),
            ("SRV-AUD", "Prozessaudit", 5200, 0.45),
            ("SRV-RET", "Retrofit", 38000, 0.66),
            ("SRV-KAL", "Kalibrierung", 1150, 0.55),
        ],
    ),
    (
        "ABO",
        "Abonnements",
        "subscription",
        [
            ("ABO-MON", "Zustandsüberwachung", 690, 0.22),
            ("ABO-SOF", "Softwarepaket", 480, 0.15),
            ("ABO-HOT", "Hotline Plus", 350, 0.4),
            ("ABO-VER", "Verfügbarkeitsgarantie", 1900, 0.55),
            ("ABO-DIA", "Ferndiagnose", 540, 0.25),
            ("ABO-LER", "Lernplattform", 220, 0.12),
        ],
    ),
]
EXTRA = (
    "NEB",
    "Nebenleistungen",
    "no_goods",
    [
        ("VERSAND", "Versandkosten", 85, 0.9),
        ("ZOLL", "Zollabwicklung", 140, 0.9),
        ("EXPRESS", "Expresszuschlag", 190, 0.8),
        ("VERPACK", "Seeverpackung", 310, 0.75),
    ],
)

# The business need that the criterion «revenue» serves, German and English.
REVENUE_NEED = (
    "Wer heute viel kauft, trägt unser Ergebnis: Diese Beziehungen sichern wir zuerst.",
    "Whoever buys much today carries our result: these relationships we secure first.",
)
