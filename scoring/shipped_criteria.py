"""The ten criteria of the guide, in both languages, with anchors in words for 1, 4, 7 and 10.

Plain data: ``ensure_shipped_criteria`` writes it and never overwrites what people changed.
"""

from typing import Any

Texts = tuple[str, str]  # German, English


def _criterion(
    code: str, name: Texts, need: Texts, where: Texts, anchors: dict[str, Texts], **values: Any
) -> dict[str, Any]:
    questions = values.pop("questions", [])
    return {
        "code": code,
        "name_de": name[0],
        "name_en": name[1],
        "need_de": need[0],
        "need_en": need[1],
        "data_source_de": where[0],
        "data_source_en": where[1],
        "anchors": {
            "de": {level: texts[0] for level, texts in anchors.items()},
            "en": {level: texts[1] for level, texts in anchors.items()},
        },
        "questions": [{"de": de, "en": en} for de, en in questions],
        **values,
    }


SHIPPED: list[dict[str, Any]] = [
    _criterion(
        "product_fit",
        ("Produktpassung", "Product fit"),
        (
            "Wir wachsen dort, wo unser Angebot einen großen Zielmarkt des Kunden bedient.",
            "We grow where our offering serves a large target market of the customer's.",
        ),
        (
            "Einschätzung durch Vertrieb und Technik; Nutzungsdaten, wo vorhanden",
            "Judgement of sales and engineering; usage data where they exist",
        ),
        {
            "1": (
                "Unser Angebot passt nur zu einem Randbedarf des Kunden.",
                "Our offering meets a marginal need only.",
            ),
            "4": (
                "Es passt zu einem Bereich; der größere Teil des Bedarfs liegt außerhalb.",
                "It fits one area; most of the need lies outside it.",
            ),
            "7": (
                "Es passt zu den meisten Bereichen; einzelne Anpassungen sind nötig.",
                "It fits most areas; some adaptation is needed.",
            ),
            "10": (
                "Es passt ohne Anpassung zum Kerngeschäft und zu dessen ganzem Zielmarkt.",
                "It fits the core business and its whole target market as it is.",
            ),
        },
        growth_metric="adoption",
        questions=[
            (
                "Gehört unser Angebot zum Kerngeschäft des Kunden?",
                "Is our offering part of the customer's core business?",
            ),
            ("Ist sein Zielmarkt dafür groß?", "Is the customer's target market for it large?"),
            ("Kommt er ohne Sonderlösung aus?", "Does it work without a special solution?"),
        ],
    ),
    _criterion(
        "average_transaction_size",
        ("Durchschnittliche Auftragsgröße", "Average transaction size"),
        (
            "Größere Aufträge tragen die Kosten der Betreuung.",
            "Larger orders carry the cost of looking after the account.",
        ),
        (
            "Berechnet: Umsatz geteilt durch Aufträge, aus den Umsatzpositionen",
            "Computed: revenue divided by orders, from the sales lines",
        ),
        {
            "1": ("Die kleinsten Aufträge im Bestand.", "The smallest orders of the portfolio."),
            "4": ("Ein Drittel des Wegs zum größten Wert.", "A third of the way to the largest value."),
            "7": ("Zwei Drittel des Wegs zum größten Wert.", "Two thirds of the way to the largest value."),
            "10": ("Die größten Aufträge im Bestand.", "The largest orders of the portfolio."),
        },
        source="computed",
        fact="average_transaction_size",
        rule={"type": "linear", "bounds": "portfolio"},
        growth_metric="average_transaction_size",
    ),
    _criterion(
        "revenue_potential",
        ("Umsatzpotenzial", "Revenue potential"),
        (
            "Künftiger Umsatz zählt mehr als vergangener.",
            "Future spending counts for more than past revenue.",
        ),
        (
            "Schätzung mit Datum, Quelle und Sicherheit, höchstens zwölf Monate alt",
            "Estimate with date, source and confidence, at most twelve months old",
        ),
        {
            "1": (
                "Kein Wachstum in drei Jahren zu erwarten.",
                "No growth to be expected within three years.",
            ),
            "4": ("Bis zu einem Viertel mehr als heute.", "Up to a quarter more than today."),
            "7": ("Bis zum Doppelten von heute.", "Up to twice as much as today."),
            "10": (
                "Mehr als das Doppelte, mit benannten Vorhaben und Budget.",
                "More than twice as much, with named projects and a budget.",
            ),
        },
        growth_metric="share_of_wallet",
        questions=[
            ("Wächst das Geschäft des Kunden?", "Is the customer's business growing?"),
            (
                "Kauft er vergleichbare Leistungen heute woanders?",
                "Does the customer buy comparable things elsewhere today?",
            ),
            ("Gibt es benannte Vorhaben mit Budget?", "Are there named projects with a budget?"),
        ],
    ),
    _criterion(
        "buying_process",
        ("Einkaufsprozess", "Buying process"),
        (
            "Ein klarer Weg zur Entscheidung spart beiden Seiten Zeit.",
            "A clear way to a decision saves both sides time.",
        ),
        (
            "Entscheidungsweg, entscheidende Stelle und Zahlungsdauer, aus Gesprächen und Rechnungen",
            "Decision path, deciding body and time to pay, from talks and invoices",
        ),
        {
            "1": (
                "Entscheider unbekannt, viele Stellen, Zahlung weit nach Ziel.",
                "Decision makers unknown, many bodies, paid far beyond terms.",
            ),
            "4": (
                "Entscheider bekannt, Wege lang, Zahlung oft verspätet.",
                "Decision makers known, long paths, often paid late.",
            ),
            "7": (
                "Wenige Entscheider, klare Wege, meist pünktliche Zahlung.",
                "Few decision makers, clear paths, mostly paid on time.",
            ),
            "10": (
                "Eine entscheidende Person, kurze Wege, Zahlung vor Ziel.",
                "One decision maker, short paths, paid before it is due.",
            ),
        },
        growth_metric="decision_makers_covered",
        questions=[
            ("Kennen wir die entscheidende Person?", "Do we know the person who decides?"),
            (
                "Entscheidet die Organisation, mit der wir sprechen, selbst?",
                "Does the organisation we talk to decide itself?",
            ),
            ("Wird innerhalb der Frist gezahlt?", "Are invoices paid within terms?"),
        ],
    ),
    _criterion(
        "partner_history",
        ("Partnerschaft", "Partnership"),
        (
            "Wer schon Partner war oder werden will, wächst mit uns gemeinsam.",
            "Who has been a partner or wants to become one grows with us.",
        ),
        (
            "Partnerstatus und gemeinsame Projekte, Einschätzung des Teams",
            "Partner status and joint projects, judgement of the team",
        ),
        {
            "1": ("Reiner Einkauf nach Preis.", "Buys on price alone."),
            "4": (
                "Gelegentliche Zusammenarbeit über den Einkauf hinaus.",
                "Occasional cooperation beyond buying.",
            ),
            "7": (
                "Gemeinsames Projekt in den letzten drei Jahren.",
                "A joint project within the last three years.",
            ),
            "10": (
                "Laufende Partnerschaft mit gemeinsamen Zielen und Vertrag.",
                "A live partnership with shared goals and a contract.",
            ),
        },
        growth_metric="joint_projects",
        questions=[
            (
                "Gab es in drei Jahren ein gemeinsames Projekt?",
                "Was there a joint project within three years?",
            ),
            (
                "Will der Kunde eine engere Zusammenarbeit?",
                "Does the customer want to work together more closely?",
            ),
        ],
    ),
    _criterion(
        "tenure_days",
        ("Dauer der Kundenbeziehung", "Customer tenure"),
        (
            "Wer lange bleibt, kennt uns und kostet weniger im Gewinnen.",
            "Who stays knows us and costs less to win.",
        ),
        (
            "Berechnet: Tage seit dem ersten Auftrag, aus den Umsatzpositionen",
            "Computed: days since the first order, from the sales lines",
        ),
        {
            "1": ("Erster Auftrag in diesem Jahr.", "First order this year."),
            "4": ("Kunde seit gut drei Jahren.", "A customer for a good three years."),
            "7": ("Kunde seit gut sechs Jahren.", "A customer for a good six years."),
            "10": ("Kunde seit zehn Jahren oder länger.", "A customer for ten years or more."),
        },
        source="computed",
        fact="tenure_days",
        rule={"type": "linear", "bounds": [0, 3650]},
        growth_metric="tenure_days",
    ),
    _criterion(
        "solvency",
        ("Bonität", "Solvency"),
        (
            "Wachstum auf Rechnung braucht einen Kunden, der zahlen kann.",
            "Growth on invoice needs a customer who can pay.",
        ),
        (
            "Zahlungsverhalten aus Rechnungen, wahlweise Auskunft oder Z-Wert",
            "Payment behaviour from invoices, optionally a credit report or Z-score",
        ),
        {
            "1": (
                "Zahlungsausfall oder Insolvenzzeichen im letzten Jahr.",
                "Default or signs of insolvency in the last year.",
            ),
            "4": ("Regelmäßig mehr als 30 Tage über Ziel.", "Regularly more than 30 days beyond terms."),
            "7": ("Zahlt nach Ziel, gute Auskunft.", "Pays within terms, good credit report."),
            "10": ("Zahlt vor Ziel, beste Bonitätsstufe.", "Pays early, best credit grade."),
        },
        growth_metric="days_beyond_terms",
        questions=[
            ("Zahlt der Kunde innerhalb der Frist?", "Does the customer pay within terms?"),
            (
                "Ist die Auskunft ohne negative Merkmale?",
                "Is the credit report free of negative entries?",
            ),
        ],
    ),
    _criterion(
        "relationships",
        ("Beziehungen zu weiteren Unternehmen", "Relationships with other companies"),
        (
            "Ein gut vernetzter Kunde öffnet die Tür zu neuen Kunden.",
            "A well-connected customer opens the door to new ones.",
        ),
        (
            "Bekannte Verbindungen und bisherige Empfehlungen, Einschätzung des Teams",
            "Known connections and referrals so far, judgement of the team",
        ),
        {
            "1": (
                "Keine Verbindung zu Unternehmen, die Kunden werden könnten.",
                "No connection to companies that could become customers.",
            ),
            "4": ("Einzelne Verbindungen, bisher ungenutzt.", "Some connections, unused so far."),
            "7": (
                "Hat uns mindestens einmal weiterempfohlen.",
                "Has referred us at least once.",
            ),
            "10": (
                "Empfiehlt uns regelmäßig und ist in der Branche ein Vorbild.",
                "Refers us regularly and is a model in its industry.",
            ),
        },
        growth_metric="referrals",
        questions=[
            (
                "Kennen wir Unternehmen, zu denen er uns führen kann?",
                "Do we know companies this customer can lead us to?",
            ),
            ("Hat er uns schon empfohlen?", "Has this customer referred us already?"),
        ],
    ),
    _criterion(
        "cultural_fit",
        ("Kulturelle Passung", "Cultural fit"),
        (
            "Zusammenarbeit über Jahre braucht Umgang auf Augenhöhe.",
            "Working together for years needs mutual respect.",
        ),
        (
            "Umgang mit seinen Kunden, seinen und unseren Mitarbeitenden; mehrere Bewertende",
            "How it treats its customers, its people and ours; several raters",
        ),
        {
            "1": (
                "Umgang verletzt regelmäßig unsere Grundsätze.",
                "Its conduct regularly breaks our principles.",
            ),
            "4": ("Umgang korrekt, aber auf Abstand.", "Correct but distant."),
            "7": (
                "Fairer, offener Umgang mit Kunden und Mitarbeitenden.",
                "Fair and open with customers and people.",
            ),
            "10": (
                "Gemeinsame Werte, auch unter Druck; unser Team arbeitet gern dort.",
                "Shared values, even under pressure; our team likes to work there.",
            ),
        },
        growth_metric="team_rating",
        questions=[
            ("Behandelt er seine Kunden gut?", "Does it treat its customers well?"),
            ("Behandelt er seine Mitarbeitenden gut?", "Does it treat its employees well?"),
            ("Behandelt er unsere Mitarbeitenden gut?", "Does it treat our employees well?"),
        ],
    ),
    _criterion(
        "geographic_proximity",
        ("Räumliche Nähe", "Geographic proximity"),
        (
            "Kurze Wege zu Zentrale oder Servicestandort machen Betreuung günstig.",
            "Short ways to headquarters or a service centre make service cheap.",
        ),
        (
            "Entfernung zum nächsten eigenen Standort, aus den Adressen",
            "Distance to our nearest site, from the addresses",
        ),
        {
            "1": ("Mehr als 1.000 km zum nächsten Standort.", "More than 1,000 km to our nearest site."),
            "4": ("Bis 600 km, eine Tagesreise.", "Up to 600 km, a day's journey."),
            "7": ("Bis 200 km, am selben Tag erreichbar.", "Up to 200 km, reachable the same day."),
            "10": ("Bis 50 km, in einer Stunde vor Ort.", "Up to 50 km, on site within an hour."),
        },
        higher_is_better=False,
        growth_metric="service_distance",
        questions=[
            (
                "Ist ein Servicestandort am selben Tag erreichbar?",
                "Is a service centre reachable the same day?",
            ),
        ],
    ),
]
