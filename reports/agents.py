"""What kind of browser opened something, as coarse as it is useful; no framework in here."""

import re

BROWSERS = (
    ("Edge", r"\bEdgA?/|\bEdgiOS/"),
    ("Firefox", r"\bFirefox/|\bFxiOS/"),
    ("Chrome", r"\bChrome/|\bCriOS/|\bChromium/"),
    ("Safari", r"\bSafari/"),
)
SYSTEMS = (
    ("Android", r"\bAndroid\b"),
    ("iOS", r"\biPhone\b|\biPad\b"),
    ("Windows", r"\bWindows\b"),
    ("macOS", r"\bMacintosh\b|\bMac OS X\b"),
    ("Linux", r"\bLinux\b|\bX11\b"),
)
# Mail scanners, link previews and programs: none of them is a person who read something.
MACHINES = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|preview|scan|proofpoint|mimecast|barracuda|safelinks|facebookexternalhit|whatsapp"
    r"|slack|discord|telegram|skype|headless|curl|wget|python|java/|go-http|libwww|okhttp|axios|httpclient|monitor",
    re.IGNORECASE,
)


def coarse_agent(text: str) -> tuple[str, bool]:
    """Return (browser and system in two words, whether a program opened it)."""
    shown = [name for name, pattern in BROWSERS if re.search(pattern, text)][:1]
    shown += [name for name, pattern in SYSTEMS if re.search(pattern, text)][:1]
    is_machine = not shown or MACHINES.search(text) is not None
    return ", ".join(shown), is_machine
