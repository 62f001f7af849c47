"""What the people of the demo company wrote: notes, reasons, plans and goals. All of it is invented."""

PARTICIPANTS = "Leonie Falk, Jonas Ritter, Miriam Oster, Paul Weidner"

RATING_NOTES = [
    "Im Jahresgespräch bestätigt.",
    "Einschätzung mit dem Service abgestimmt.",
    "Neue Werksleitung, bitte im Frühjahr noch einmal prüfen.",
    "Budget für das kommende Jahr ist freigegeben.",
    "Zwei Werke planen den Umstieg auf automatisierte Beladung.",
]

APPROVED = [
    "Hoher Deckungsbeitrag, Ausbau in zwei Werken geplant, Geschäftsführung sucht die enge Zusammenarbeit.",
    "Seit Jahren verlässlicher Partner; die Automation des dritten Standorts steht an.",
    "Größter Serviceumsatz der Region und Referenz für die Branche.",
    "Rahmenvertrag läuft aus; mit fester Betreuung gewinnen wir den Ersatzteilbedarf dazu.",
]
DECLINED = [
    "Umsatz stammt aus einem einmaligen Anlagenprojekt; kein weiterer Bedarf in Sicht.",
    "Einkauf entscheidet ausschließlich nach Preis; eine engere Zusammenarbeit ist nicht gewünscht.",
    "Betreuung durch den Innendienst reicht aus, erneute Prüfung im nächsten Jahr.",
]
ENDED = "Nach dem Eigentümerwechsel ist der Einkauf ausgelagert; gemeinsame Ziele gibt es nicht mehr."

# how, and what the customer said when it heard that it is a key account
SAID = [
    (
        "meeting",
        "Freut sich über die feste Ansprechperson. Erwartet Antwort auf technische Fragen innerhalb eines Tages und "
        "will den Jahresplan gemeinsam mit der Werksleitung durchgehen.",
    ),
    (
        "visit",
        "Begrüßt die engere Zusammenarbeit, fragt aber nach den Bedingungen: Die Preise sollen nicht mitsteigen.",
    ),
    (
        "call",
        "Möchte, dass Einkauf und Instandhaltung getrennt informiert werden. Erwartet Schulungen im eigenen Werk.",
    ),
    (
        "meeting",
        "Sieht den größten Nutzen in der Ersatzteilversorgung und wünscht jedes Quartal Zahlen zur Verfügbarkeit.",
    ),
]

SCENARIO = "Potenzial zuerst"
SCENARIO_NOTE = (
    "Aus der Vertriebsklausur: Wer wäre Key Account, wenn das künftige Geschäft mehr zählt als der Umsatz?"
)

# what we expect, what the customer expects
EXPECTATIONS = [
    (
        "Zugang zur Werksleitung, gemeinsame Jahresplanung und mindestens 15 % mehr Serviceumsatz.",
        "Feste Ansprechperson, Reaktion innerhalb von vier Stunden und Ersatzteile ab Lager.",
    ),
    (
        "Frühe Einbindung in Investitionsvorhaben und ein gemeinsamer Pilot zur Zustandsüberwachung.",
        "Quartalsbericht zur Verfügbarkeit, Schulungen vor Ort und verlässliche Liefertermine.",
    ),
    (
        "Bündelung des Werkzeugbedarfs bei uns und ein Rahmenvertrag über drei Jahre.",
        "Preisstabilität, technische Beratung bei Neuteilen und jährliche Prozessaudits.",
    ),
]

# why, how, what, purpose for us, purpose for the customer
PLANS = [
    (
        "Der Kunde verdoppelt bis Ende nächsten Jahres seine Fertigung im Werk Süd.",
        "Vom Lieferanten einzelner Maschinen zum Partner für Verfügbarkeit.",
        "Zustandsüberwachung an allen Maschinen, Ersatzteillager vor Ort, Schulung der Schichtführer.",
        "Planbarer Serviceumsatz und eine Referenz für die Branche.",
        "Weniger ungeplanter Stillstand und ein Ansprechpartner für alle Fragen.",
    ),
    (
        "Fachkräfte fehlen; der Kunde muss mit weniger Personal mehr Teile fertigen.",
        "Automation Schritt für Schritt, jede Stufe rechnet sich für sich allein.",
        "Beladeroboter an zwei Zellen, danach Palettenspeicher und Bildprüfung.",
        "Einstieg in das Automationsgeschäft mit einem Kunden, der offen misst und berichtet.",
        "Mannarme dritte Schicht ohne Risiko für die Liefertreue.",
    ),
    (
        "Der Energiepreis entscheidet über den Standort.",
        "Gemeinsam den Verbrauch je Teil messen und senken.",
        "Prozessaudit, Retrofit der ältesten Maschinen, gemeinsames Energieprojekt.",
        "Retrofit als wiederholbares Angebot.",
        "Nachweisbar geringere Kosten je Teil.",
    ),
]

# name, unit, direction, start, target, title, why, how, whose goal
MEASURED = [
    (
        *("Liefertreue", "%", "up", 88, 97, "Liefertreue auf 97 % steigern"),
        *(
            "Verspätete Ersatzteile halten die Linie auf.",
            "Sicherheitsbestand und wöchentliche Abstimmung.",
            "joint",
        ),
    ),
    (
        *("Ungeplanter Stillstand", "h/Monat", "down", 46, 20, "Ungeplanten Stillstand halbieren"),
        *(
            "Jede Stunde kostet den Kunden einen Schichtauftrag.",
            "Zustandsüberwachung und feste Wartungsfenster.",
            "customer",
        ),
    ),
    (
        *("Kundenzufriedenheit", "Punkte", "up", 6.8, 8.5, "Zufriedenheit auf 8,5 Punkte heben"),
        *(
            "Die Verlängerung des Rahmenvertrags hängt daran.",
            "Befragung je Quartal, Maßnahmen aus jeder Antwort.",
            "ours",
        ),
    ),
    (
        *("Reaktionszeit Service", "h", "down", 9, 4, "Reaktionszeit im Service auf vier Stunden senken"),
        *("Zugesagt bei der Aufnahme als Key Account.", "Bereitschaftsplan und Ferndiagnose.", "customer"),
    ),
    (
        *("Angebundene Maschinen", "Stück", "up", 6, 40, "40 Maschinen an die Zustandsüberwachung anbinden"),
        *(
            "Ohne Daten keine vorausschauende Wartung.",
            "Acht Maschinen je Quartal, Start im Werk Süd.",
            "joint",
        ),
    ),
]

# title, why, milestones
IN_WORDS = [
    (
        "Rahmenvertrag über drei Jahre abschließen",
        "Planbarkeit für beide Seiten.",
        ["Bedarf je Werk abgestimmt", "Entwurf beim Kunden", "Konditionen verhandelt", "Unterschrift"],
    ),
    (
        "Gemeinsames Pilotprojekt zur Bildprüfung",
        "Der Kunde will Ausschuss vor der Auslieferung erkennen.",
        ["Teil ausgewählt", "Versuch im Technikum", "Probebetrieb", "Bericht an die Geschäftsführung"],
    ),
    (
        "Zugang zur Werksleitung aller Standorte",
        "Bisher sprechen wir nur mit dem Einkauf.",
        ["Vorstellung durch den Einkauf", "Besuch Werk Nord", "Besuch Werk Süd"],
    ),
]

CHALLENGES = [
    (
        "Kühlmittel verunreinigt nach dem Umbau",
        "Filterpaket getauscht, Wartungsplan angepasst.",
        "Seit dem Tausch kein Stillstand wegen Kühlmittel.",
    ),
    (
        "Spindelausfälle an zwei Maschinen",
        "Ursache Lager; Austausch auf Kulanz, Sensorpaket nachgerüstet.",
        "Ein Lagerschaden wurde zwei Wochen vorher erkannt.",
    ),
    (
        "Schichtpersonal nicht eingewiesen",
        "Schulung für 14 Personen an zwei Terminen.",
        "Bedienfehler um zwei Drittel gesunken.",
    ),
]
PROMISES = [
    "Angebot für den Palettenspeicher",
    "Liste der Verschleißteile mit Lieferzeiten",
    "Besuch mit der Anwendungstechnik",
    "Auswertung der Stillstände des Quartals",
    "Musterteile nach Zeichnung",
]
GIVEN = [
    ("give", "service", "Prozessaudit ohne Berechnung", 5200),
    ("give", "knowledge", "Zwei Tage Anwendungstechnik vor Ort", 2400),
    ("give", "saving", "Werkzeugwechsel optimiert, weniger Verschleiß", 18500),
    ("get", "reference", "Referenzbesuch für einen Interessenten ermöglicht", None),
    ("get", "reference", "Empfehlung an das Schwesterwerk", 48000),
    ("get", "knowledge", "Messdaten aus der Serie für unsere Entwicklung", 6000),
]
PROJECTS = [
    ("Energieprojekt Werk Süd", "Messdaten für unser Retrofit-Angebot", "12 % weniger Verbrauch je Teil"),
    ("Testfeld Ferndiagnose", "Erprobung unter Serienbedingungen", "Störungen ohne Anfahrt beheben"),
]

# kind, text, minutes (0: none)
DIARY = [
    ("call", "Rückfrage zu Lieferterminen der Ersatzteile. Zusage für Kalenderwoche 48 gegeben.", 15),
    ("call", "Kunde fragt nach einer zweiten Spindel auf Lager. Angebot folgt.", 20),
    ("call", "Kurz abgestimmt: Wartung der Zelle 2 wird um eine Woche verschoben.", 10),
    ("meeting", "Quartalsgespräch. Verfügbarkeit bei 96,4 %. Nächster Schritt: Anbindung der Zelle 3.", 90),
    (
        "meeting",
        "Jahresgespräch mit Geschäftsführung und Einkauf. Investitionsplan für das kommende Jahr vorgestellt.",
        120,
    ),
    ("meeting", "Abstimmung mit Technik und Service zu den offenen Punkten aus dem Audit.", 60),
    (
        "visit",
        "Rundgang durch das Werk. Engpass an der Beladung, Roboter wäre in sechs Monaten bezahlt.",
        180,
    ),
    (
        "visit",
        "Inbetriebnahme begleitet. Werkerinnen und Werker sind eingewiesen, Abnahme unterschrieben.",
        240,
    ),
    ("mail", "Unterlagen zum Palettenspeicher geschickt, Rückmeldung bis Monatsende zugesagt.", 0),
    ("mail", "Preisliste der Verschleißteile und Bedarf des letzten Jahres geschickt.", 0),
    ("note", "Neue Leitung Einkauf ab Januar. Vorstellungstermin vereinbaren.", 0),
    ("note", "Wettbewerber bietet Wartung 8 % günstiger an, ohne Reaktionszeit.", 0),
    ("note", "Kunde prüft Förderung für die Automation. Unterlagen haben wir beigesteuert.", 0),
]

# title, reason
STEPS = [
    ("Angebot Beladeroboter nachfassen", "Zusage für eine Antwort ist verstrichen"),
    ("Jahresgespräch vorbereiten", "Termin mit der Geschäftsführung steht"),
    ("Vorstellung bei der neuen Leitung Einkauf", "Wechsel zum Jahresbeginn"),
    ("Stillstandsauswertung schicken", "Im Quartalsgespräch zugesagt"),
    ("Ersatzteilliste abstimmen", "Drei Eillieferungen im letzten Quartal"),
    ("Rahmenvertrag verlängern", "Läuft in drei Monaten aus"),
    ("Zufriedenheit abfragen", "Quartalsbefragung steht an"),
    ("Wartungsfenster für Zelle 2 klären", "Schichtplan hat sich geändert"),
]
PAYMENT_SOURCE = "Buchhaltung, letzte zwölf Monate"
ESTIMATE_SOURCES = (
    "Jahresgespräch mit der Einkaufsleitung",
    "Angabe der Werksleitung",
    "Geschäftsbericht und eigene Hochrechnung",
    "Vergleich mit ähnlichen Accounts",
)
