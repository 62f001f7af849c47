"""The words of the demo's contracts and opportunities."""

CONTRACTS = [
    "Wartungsvertrag Bearbeitungszentren",
    "Rahmenvertrag Ersatzteile",
    "Zustandsüberwachung, Abonnement",
    "Servicevertrag Automation",
]

# kind, title, why we think so
OPPORTUNITIES = [
    (
        "new",
        "Zweites Werk mit Beladung ausrüsten",
        "Der Kunde hat den Umbau für das kommende Jahr genehmigt.",
    ),
    ("upsell", "Bearbeitungszentrum für die dritte Linie", "Die zweite Linie ist seit Monaten ausgelastet."),
    ("upsell", "Größere Ersatzteilpakete je Abruf", "Zwölf Einzelabrufe im letzten Quartal."),
    ("cross_sell", "Zustandsüberwachung für alle Maschinen", "Vergleichbare Kunden haben sie angebunden."),
    ("cross_sell", "Schulung für die Schichtleitung", "Drei Störungen gingen auf Bedienfehler zurück."),
    ("renewal", "Rahmenvertrag um drei Jahre verlängern", "Der Einkauf will die Preise früh festschreiben."),
]
OUTCOMES = {
    "won": ["Kurze Lieferzeit gab den Ausschlag.", "Technik hat den Nutzen vorgerechnet."],
    "lost": ["Investition auf das übernächste Jahr verschoben.", "Wettbewerber war im Preis günstiger."],
}
# name, code of the offering, code of what is bought already, what is to be found out, industries
BETAS = {
    "FERN": (
        "Ferndiagnose mit Bilderkennung",
        "ABO-DIA",
        "BAZ",
        "Wie viele Einsätze vor Ort erspart die Bilderkennung, und wo irrt sie?",
        "Automotive, Maschinenbau, Medizintechnik",
    ),
    "PALETTE": (
        "Palettenspeicher mit Nachtschicht",
        "AUT-PAL",
        "AUT",
        "Läuft der Speicher eine Schicht lang ohne Personal?",
        "",
    ),
}
BETA_REFUSAL = "In diesem Jahr sind keine Leute frei."
BETA_FEEDBACK = [
    ("praise", "Zwei Einsätze gespart; die Diagnose lag beide Male richtig."),
    ("problem", "Die Anmeldung verfällt nach einer Stunde, nachts hilft das nicht."),
    ("wish", "Meldungen bitte auch auf das Telefon der Schichtleitung."),
    ("praise", "Die Bilder reichen unserer Instandhaltung als Nachweis."),
]
BETA_OUTCOMES = [
    ("ordered", "Nach acht Wochen bestellt."),
    ("wants", "Will bestellen, sobald der Umbau genehmigt ist."),
    ("later", "Wartet auf die nächste Fassung der Steuerung."),
]
# kind, what happened, who was there, what it brought, minutes
ENGAGEMENTS = [
    (
        "event",
        "Hausmesse besucht, Vortrag zur Fertigung ohne Personal.",
        "Werksleitung, Einkauf",
        "Zwei Gespräche über Retrofit.",
        240,
    ),
    (
        "training",
        "Schulung der Schichtleitung zur Zustandsüberwachung.",
        "14 Personen",
        "Rückfragen beim Service halbiert.",
        360,
    ),
    (
        "advisory",
        "Kundenbeirat: Was die nächste Steuerung können muss.",
        "Leitung Technik",
        "Drei Punkte stehen im Lastenheft.",
        180,
    ),
    (
        "co_project",
        "Messreihe im Testfeld Ferndiagnose ausgewertet.",
        "Instandhaltung, Anwendungstechnik",
        "Schwelle für Lagerschäden gefunden.",
        150,
    ),
    (
        "reference",
        "Besuch eines Interessenten in der Fertigung ermöglicht.",
        "Werksleitung",
        "Der Interessent hat angefragt.",
        120,
    ),
    (
        "event",
        "Gemeinsamer Stand auf der Ausbildungsmesse.",
        "Personalabteilung",
        "Acht Bewerbungen für beide Seiten.",
        300,
    ),
]

PLAYBOOK = "Neuer Key Account: die ersten 90 Tage"
PLAYBOOK_PURPOSE = "Der Kunde merkt innerhalb eines Quartals, was sich für ihn geändert hat."
# title, days after the start, function, exit criterion
PLAYBOOK_STEPS = [
    (
        "Ansprechpersonen und Entscheidungswege aufnehmen",
        7,
        "kam",
        "Einkauf, Technik und Leitung sind benannt",
    ),
    ("Erwartungen beider Seiten besprechen", 21, "kam", "Beide Seiten haben sie bestätigt"),
    ("Servicevertrag und Reaktionszeiten prüfen", 45, "service", "Abweichungen sind mit dem Kunden geklärt"),
    ("Gemeinsames Ziel vereinbaren", 60, "kam", "Ziel, Messgröße und Termin stehen im Plan"),
    ("Gespräch der Geschäftsleitungen", 85, "sponsor", "Der nächste Termin steht"),
]
