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
