"""Matplotlib's SVG as a small inline drawing: the page's colours and font, no ids, no references, few bytes.

Paths of one style are one path, coordinates are steps of a tenth of a point, dots are the round ends of lines
of no length. Text stays text. Ids must be unique in a page and a picture may stand in it twice, so there are none.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from markupsafe import Markup, escape

_SVG = "{http://www.w3.org/2000/svg}"
_HREF = "{http://www.w3.org/1999/xlink}href"
# What a line has if it says nothing else; see `.figure svg` in report.css.
_UNSAID = {"fill": "none", "stroke-width": "1", "stroke-linecap": "butt", "stroke-dashoffset": "0", "stroke-linejoin": "round"}
_KEPT = ("fill", "stroke", "stroke-width", "stroke-dasharray", "opacity", "stroke-opacity", "fill-opacity", "stroke-linecap")
TEXT_SIZE = 9.0

# A letter of SVG's path language with the absolute places that follow it.
Segment = tuple[str, tuple[float, ...]]


@dataclass
class _Drawing:
    """What is drawn so far, in order: paths by their style, texts, images."""

    parts: list[str] = field(default_factory=list)
    style: str = ""
    strokes: list[str] = field(default_factory=list)

    def path(self, style: str, d: str) -> None:
        if style != self.style:
            self.flush()
        self.style = style
        self.strokes.append(d)

    def flush(self) -> None:
        if self.strokes:
            self.parts.append(f'<path d="{"".join(self.strokes)}" style="{self.style}"/>')
        self.strokes = []

    def add(self, part: str) -> None:
        self.flush()
        self.parts.append(part)


def compact(svg: str, description: str, colours: Mapping[str, str]) -> Markup:
    """The drawing with `description` as its alternative text; `colours` maps matplotlib's colours to the page's."""
    root = ElementTree.fromstring(svg)
    shapes = {shape.get("id", ""): shape for shape in root.iter(f"{_SVG}path") if shape.get("id")}
    drawing = _Drawing()
    for element in _visible(root):
        _draw(drawing, element, shapes, colours)
    drawing.flush()
    box = " ".join(_number(float(value)) for value in root.get("viewBox", "0 0 0 0").split())
    opening = Markup('<svg role="img" aria-label="{}" viewBox="{}">').format(description, box)
    return opening + Markup("".join(drawing.parts) + "</svg>")


def _visible(element: ElementTree.Element) -> Iterator[ElementTree.Element]:
    for child in element:
        if child.tag != f"{_SVG}defs":
            yield child
            yield from _visible(child)


def _draw(
    drawing: _Drawing, element: ElementTree.Element, shapes: Mapping[str, ElementTree.Element], colours: Mapping[str, str]
) -> None:
    style = dict(re.findall(r"([\w-]+):\s*([^;]+)", element.get("style", "")))
    kind = element.tag.removeprefix(_SVG)
    if kind == "path" or kind == "use":
        shape = shapes[element.get(_HREF, "#")[1:]] if kind == "use" else element
        place = (float(element.get("x", 0)), float(element.get("y", 0))) if kind == "use" else (0.0, 0.0)
        style = {"fill": "#000", **style}
        if style["fill"] != "none" or "stroke" in style:
            segments = list(_segments(shape.get("d", ""), *place))
            dot = _dot(segments) if style["fill"] != "none" and kind == "use" else None
            if dot is not None:
                x, y, diameter = dot
                style = {"stroke": style["fill"], "stroke-width": _number(diameter), "stroke-linecap": "round"} | (
                    {"opacity": style["fill-opacity"]} if "fill-opacity" in style else {}
                )
                segments = [("M", (x, y)), ("L", (x, y))]
            if len(segments) == 2:
                style["fill"] = "none"  # a tick mark is filled, and has no inside
            drawing.path(_styled(style, colours), _path(segments))
    elif kind == "text":
        drawing.add(_text(element, style, colours))
    elif kind == "image":
        drawing.add(_image(element))


def _styled(style: Mapping[str, str], colours: Mapping[str, str]) -> str:
    said = {name: style[name].strip() for name in _KEPT if name in style and style[name].strip() != _UNSAID.get(name)}
    if said.get("stroke-linecap") == "square":
        del said["stroke-linecap"]
    text = ";".join(f"{name}:{value}" for name, value in said.items())
    for stand_in, colour in colours.items():
        text = text.replace(stand_in, colour)
    return str(escape(text))


def _text(element: ElementTree.Element, style: Mapping[str, str], colours: Mapping[str, str]) -> str:
    found = re.search(r"font(?:-size)?:[^;]*?([\d.]+)px", element.get("style", ""))
    size = float(found[1]) if found else TEXT_SIZE
    fill = colours.get(style.get("fill", "").strip(), style.get("fill", "").strip())
    anchor = style.get("text-anchor", "start").strip()
    x, y = float(element.get("x", 0)), float(element.get("y", 0))
    turned = re.match(r"rotate\((-?[\d.]+)", element.get("transform", ""))
    said = f' x="{_number(x)}" y="{_number(y)}"'
    if anchor != "start":
        said += f' text-anchor="{anchor}"'
    if turned and float(turned[1]):
        said += f' transform="rotate({_number(float(turned[1]))} {_number(x)} {_number(y)})"'
    own = [f"font-size:{_number(size)}px"] if size != TEXT_SIZE else []
    own += [f"fill:{fill}"] if fill not in ("", "currentColor") else []
    if own:
        said += f' style="{escape(";".join(own))}"'
    return f"<text{said}>{escape(''.join(element.itertext()))}</text>"


def _image(element: ElementTree.Element) -> str:
    numbers = {name: _number(float(element.get(name, 0)), 2) for name in ("x", "y", "width", "height")}
    said = "".join(f' {name}="{value}"' for name, value in numbers.items() if value != "0")
    if element.get("transform"):
        said += f' transform="{escape(re.sub(r"(-?[0-9.]+)", lambda m: _number(float(m[0]), 3), element.get("transform", "")))}"'
    data = re.sub(r"\s", "", element.get(_HREF, ""))
    return f'<image{said} preserveAspectRatio="none" style="image-rendering:pixelated" href="{escape(data)}"/>'


def _segments(d: str, dx: float, dy: float) -> Iterator[Segment]:
    for letter, numbers in re.findall(r"([MLCQZz])([^MLCQZz]*)", d):
        values = [float(value) for value in numbers.split()]
        yield letter.upper(), tuple(value + (dy if odd % 2 else dx) for odd, value in enumerate(values))


def _dot(segments: list[Segment]) -> tuple[float, float, float] | None:
    """Centre and diameter of a closed shape of curves alone, which matplotlib draws for a disc."""
    if sum(letter == "C" for letter, _ in segments) < 8 or any(letter == "L" for letter, _ in segments):
        return None
    xs = [x for letter, values in segments for x in values[-2::2] if letter != "Z"]
    ys = [y for letter, values in segments for y in values[-1::2] if letter != "Z"]
    return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2, max(xs) - min(xs)


def _path(segments: list[Segment]) -> str:
    """The path in tenths of a point, each place as a step from the one before."""
    written, at, letter_before = [], (0.0, 0.0), ""
    for letter, values in segments:
        if letter == "Z":
            written.append("z")
            letter_before = "z"
            continue
        places = [(round(x, 1), round(y, 1)) for x, y in zip(values[::2], values[1::2], strict=True)]
        if letter == "M":
            written.append("M" + _joined(places[0]))
            letter_before = "M"
        elif letter == "L" and places[0][1] == at[1]:
            written.append("h" + _number(places[0][0] - at[0]))
            letter_before = "h"
        elif letter == "L" and places[0][0] == at[0]:
            written.append("v" + _number(places[0][1] - at[1]))
            letter_before = "v"
        else:
            steps = _joined(*((x - at[0], y - at[1]) for x, y in places))
            again = letter.lower() == letter_before
            written.append((" " if again and not steps.startswith("-") else "") + steps if again else letter.lower() + steps)
            letter_before = letter.lower()
        at = places[-1]
    return "".join(written)


def _joined(*places: tuple[float, float]) -> str:
    text = ""
    for value in (coordinate for place in places for coordinate in place):
        number = _number(value)
        text += number if number.startswith("-") or not text else " " + number
    return text


def _number(value: float, digits: int = 1) -> str:
    """The shortest way to write a number with so many digits."""
    text = f"{value:.{digits}f}".rstrip("0").rstrip(".") if digits else f"{value:.0f}"
    text = re.sub(r"^(-?)0\.", r"\1.", text)
    return "0" if text in ("", "-0", "-", "-.") else text
