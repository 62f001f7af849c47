"""The look of the slides: 16:9, the product's colours and type in theme and master, so that edits keep it."""

import re
from copy import deepcopy
from datetime import date, datetime
from typing import Any

import pptx
from pptx.dml.color import RGBColor
from pptx.enum.text import PP_ALIGN
from pptx.opc.constants import RELATIONSHIP_TYPE as RELATION
from pptx.oxml.ns import qn
from pptx.presentation import Presentation
from pptx.util import Pt

from kam.lib.tabular.formulas import without_control_characters
from kam.lib.vega import PAPER

WIDTH, HEIGHT = 960, 540  # points
MARGIN = 44
INNER = WIDTH - 2 * MARGIN
FOOT = HEIGHT - 36
BODY, SMALL, TITLE = 16, 15, 26  # 15 points are 20 pixels where a slide is 1280 wide
FONT = "Arial"  # a deck goes to machines that have no Inter: another width would break its lines
_LAYOUT = 5  # of the library's own layouts: a title and nothing else
_DATE, _FOOTER, _NUMBER = 10, 11, 12  # how its placeholders are numbered
_COLOURS = {
    "dk1": "text", "lt1": "surface", "dk2": "muted", "lt2": "sunken", "accent1": "c1", "accent2": "c2",
    "accent3": "c3", "accent4": "c4", "accent5": "c5", "accent6": "c6", "hlink": "accent", "folHlink": "accent",
}  # fmt: skip
_APP = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties xmlns="http://schemas.openxmlformats'
    b'.org/officeDocument/2006/extended-properties"><Application>KAM</Application></Properties>'
)


def blank(title: str, author: str, language: str, day: date) -> Presentation:
    """Return a presentation without slides whose properties tell title, company, language and day, no more."""
    show = pptx.Presentation()
    show.slide_width, show.slide_height = Pt(WIDTH), Pt(HEIGHT)
    _keep_one_layout(show)
    _dress_master(show)
    _dress_theme(show)
    _drop_foreign_parts(show)
    properties = show.core_properties
    properties.title, properties.author = plain(title)[:255], plain(author)[:255]
    properties.last_modified_by, properties.language = plain(author)[:255], language
    properties.comments = properties.keywords = ""
    properties.created = properties.modified = datetime(day.year, day.month, day.day)  # noqa: DTZ001  # the library wants UTC without a zone
    return show


def colour(name: str) -> RGBColor:
    """Return a colour of the light theme."""
    return RGBColor.from_string(PAPER[name].removeprefix("#"))


def plain(text: str) -> str:
    """Return the text on one line and without what XML cannot hold."""
    return " ".join(without_control_characters(text.replace("\n", " ")).split(" "))


def write(paragraph: Any, text: str, size: float, tone: str = "text", *, bold: bool = False) -> None:
    """Add a run in the house's type; its language lets PowerPoint check the right spelling."""
    run = paragraph.add_run()
    run.text = plain(text)
    run.font.size, run.font.bold = Pt(size), bold
    run.font.color.rgb, run.font.name = colour(tone), FONT


def text_box(slide: Any, box: tuple[float, float, float, float]) -> Any:
    """Return the text frame of a new box (left, top, width, height in points) without inner margins."""
    frame = slide.shapes.add_textbox(*map(Pt, box)).text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    return frame


def new_slide(show: Presentation, title: str, source: str) -> Any:
    """Return a new slide with its title, the line with source and day, and its number."""
    layout: Any = show.slide_layouts[0]  # the library types its collections as ones that cannot be walked
    slide = show.slides.add_slide(layout)
    slide.shapes.title.text_frame.text = plain(title)
    for holder in layout.placeholders:
        if holder.placeholder_format.idx in (_FOOTER, _NUMBER):
            slide.shapes._spTree.append(deepcopy(holder._element))
    footer = next(shape for shape in slide.placeholders if shape.placeholder_format.idx == _FOOTER)
    paragraph = footer.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.LEFT
    write(paragraph, source, SMALL - 1, "muted")
    return slide


def speak(show: Presentation, language: str) -> None:
    """Say of every run which language it is in."""
    name = "de-DE" if language == "de" else "en-GB"
    for slide in show.slides:
        for run in slide._element.iter(qn("a:rPr"), qn("a:endParaRPr"), qn("a:defRPr")):
            run.set("lang", name)


def _keep_one_layout(show: Presentation) -> None:
    layouts: Any = show.slide_layouts
    for place, layout in reversed(list(enumerate(layouts))):
        if place != _LAYOUT:
            layouts.remove(layout)
    date_holder = next(s for s in layouts[0].placeholders if s.placeholder_format.idx == _DATE)
    date_holder._element.getparent().remove(date_holder._element)
    layouts[0].name = "KAM"


def _dress_master(show: Presentation) -> None:
    boxes = {
        "title": (MARGIN, 36, INNER, 70),
        "body": (MARGIN, 130, INNER, 340),
        "dt": (MARGIN, FOOT - 40, 100, 20),
        "ftr": (MARGIN, FOOT, INNER - 80, 20),
        "sldNum": (WIDTH - MARGIN - 70, FOOT, 70, 20),
    }
    for shape in show.slide_master.placeholders:
        kind = shape._element.find(".//" + qn("p:ph")).get("type")
        shape.left, shape.top, shape.width, shape.height = map(Pt, boxes[kind])
        body = shape._element.find(".//" + qn("a:bodyPr"))
        body.attrib.update({"lIns": "0", "tIns": "0", "rIns": "0", "bIns": "0", "anchor": "t"})
        for level in shape._element.iter(qn("a:lvl1pPr")):
            level.set("algn", "r" if kind == "sldNum" else "l")
            level.find(qn("a:defRPr")).set("sz", str(SMALL * 100 - 100))
    style = show.slide_master._element.find(".//" + qn("p:titleStyle") + "/" + qn("a:lvl1pPr"))
    style.set("algn", "l")
    style.find(qn("a:defRPr")).attrib.update({"sz": str(TITLE * 100), "b": "1"})


def _dress_theme(show: Presentation) -> None:
    theme = show.slide_master.part.part_related_by(RELATION.THEME)
    text = theme.blob.decode()
    for name, token in _COLOURS.items():
        value = f'<a:{name}><a:srgbClr val="{PAPER[token].removeprefix("#")}"/></a:{name}>'
        text = re.sub(rf"<a:{name}>.*?</a:{name}>", value, text, count=1)
    text = text.replace('<a:latin typeface="Calibri"/>', f'<a:latin typeface="{FONT}"/>')
    text = text.replace('script="Arab" typeface="Times New Roman"', 'script="Arab" typeface="Arial"')
    text = text.replace("Office Theme", "KAM").replace('name="Office"', 'name="KAM"')
    theme._blob = text.encode()


def _drop_foreign_parts(show: Presentation) -> None:
    """The library's sample brings a picture of itself, a printer's settings and the name of another program."""
    package = show.part.package
    for owner in (package, show.part):
        relations = owner._rels
        for key in [
            key
            for key, relation in relations.items()
            if relation.reltype.endswith(("thumbnail", "printerSettings"))
        ]:
            relations.pop(key)
    package.part_related_by(RELATION.EXTENDED_PROPERTIES)._blob = _APP
