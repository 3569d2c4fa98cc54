"""LaTeX formulas of a record as MathML Core, and the gate that decides which formulas are typeset at all.

`typeset` never raises: a formula that the converter does not know, or that could do anything but draw
mathematics, is shown as its source. The TeX document passes the same gate (`is_inert`): what reaches a TeX
engine unescaped has been parsed here as pure mathematics, so no record can make TeX read, write or define.
"""

from __future__ import annotations

import concurrent.futures
import functools
import html
import re
import threading
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable

import math_core
from markupsafe import Markup

# Longer or deeper formulas are unreadable anyway, and recursive parsers have finite stacks.
LONGEST = 12_000
LONGEST_SOURCE = 1_000
SHORT = 400
DEEPEST_BRACES = 60
DEEPEST_ELEMENTS = 150
STACK_BYTES = 64 << 20

# Commands that define, expand, read, write or refer; no formula needs one.
FORBIDDEN = re.compile(
    r"(?<!\\)(?:\\\\)*\\(?:input|include\w*|write\w*|immediate|openin|openout|read|readline|closein|closeout|special|directlua|"
    r"latelua|shellescape|catcode|(?:lc|uc|sf|math|del)code|active|[exg]?def|global|long|outer|let|futurelet|"
    r"(?:re|provide)?newcommand|(?:re)?newenvironment|DeclareMathOperator|newif|newread|newwrite|csname|endcsname|"
    r"expandafter|noexpand|afterassignment|aftergroup|uppercase|lowercase|string|meaning|jobname|char|mathchar\w*|"
    r"scantokens|tokens?|the|number|romannumeral|loop|repeat|if(?!f(?![A-Za-z]))\w+|else|fi|usepackage|RequirePackage|"
    r"documentclass|label|ref|eqref|pageref|tag|cite|href|url|verb|makeatletter|every\w+|hspace|vspace|rule|"
    r"raisebox|scalebox|resizebox|pdf\w+|XeTeX\w*)(?![A-Za-z])"
)
# An unescaped comment or parameter sign, TeX's notation for a character by its code, a control character.
ODD_CHARACTER = re.compile(r"(?<!\\)(?:\\\\)*[%#]|\^\^|[\x00-\x08\x0b-\x1f\x7f]")

# What a drawn formula consists of; anything else in the converter's output is not shown.
ELEMENTS = frozenset(
    {"math", "semantics", "mrow", "mstyle", "mpadded", "mphantom", "menclose", "mspace", "mi", "mn", "mo"}
    | {"mtext", "mfrac", "msqrt", "mroot", "msup", "msub", "msubsup", "munder", "mover", "munderover"}
    | {"mmultiscripts", "mprescripts", "none", "mtable", "mtr", "mtd", "b", "em", "i"}
)
UNSAFE_ATTRIBUTE = re.compile(r"(?i)^on|href|src|^id$|xmlns|action")

# HTML's names for characters, less the five that XML knows.
NAMED_CHARACTER = re.compile(r"&(?!(?:lt|gt|amp|quot|apos);)[A-Za-z]+;")
# Elements whose children stand in a row without a row of their own.
ROWS = frozenset({"math", "mrow", "msqrt", "mtd", "mstyle", "mpadded", "mphantom", "menclose"})
# Letters, numbers and commas: elastic brackets around them have their natural size.
LOW = frozenset({"mi", "mn"})
LENGTH = re.compile(r"(?<![\d.])0?(\.\d{2})\d*em")
# Brackets that SymPy makes elastic around what is no higher than a letter; elastic ones are set too wide.
LOW_BRACKETS = re.compile(
    r"\\left([(\[])((?:(?!\\(?:left|right|begin|[dt]?frac|d?binom|sum|prod|o?i{1,4}nt|sqrt|lim|sub|under|over)|\^).)*?)"
    r"\\right([)\]])"
)
TOP_LEVEL = re.compile(r"^\s*\\begin\{(align|gather|equation|multline)\*?\}(.*)\\end\{\1\*?\}\s*$", re.DOTALL)
WORDS = re.compile(r"(\\(?:text|mbox|textrm)\{)([^{}$]*)\}")


def typeset(latex: str, *, display: bool = False) -> Markup:
    """The formula as a `<math>` element, or as `<code>` with its source where it cannot be typeset."""
    mathml = _convert(latex, display)
    return Markup(mathml) if mathml else Markup('<code class="tex">{}</code>').format(source(latex))


def source(latex: str) -> str:
    """What is shown of a formula that is not typeset: its source, of a very long one the beginning."""
    return latex if len(latex) <= LONGEST_SOURCE else f"{latex[:LONGEST_SOURCE]} …"


def is_inert(latex: str) -> bool:
    """Whether `latex` is pure mathematics: it parses as such, and defines, reads and writes nothing."""
    return _convert(latex, False) is not None


def normalise(latex: str) -> str:
    r"""`latex` as an inner formula that TeX and the converter read alike.

    White space is single, a numbered display becomes its inner form, and letters that mean something to TeX
    are escaped where they stand among words.
    """
    text = WORDS.sub(_escape_words, re.sub(r"\s+", " ", latex).strip())
    outer = TOP_LEVEL.match(text)
    if outer:
        inner = {"align": "aligned", "gather": "gathered"}.get(outer[1])
        text = rf"\begin{{{inner}}}{outer[2]}\end{{{inner}}}" if inner else outer[2].strip()
    return text


def _escape_words(match: re.Match[str]) -> str:
    return match[1] + re.sub(r"(?<!\\)([_&^~])", r"\\\1", match[2]) + "}"


@functools.lru_cache(maxsize=20_000)
def _convert(latex: str, display: bool) -> str | None:
    """MathML of `latex`, None if it is not inert mathematics that the converter knows."""
    text = normalise(latex)
    if not text or len(text) > LONGEST or FORBIDDEN.search(text) or ODD_CHARACTER.search(text):
        return None
    if _brace_depth(text) > DEEPEST_BRACES:
        return None
    dialect = _in_dialect(text)
    # A short formula cannot nest deeply: it needs no stack of its own, and a change of threads takes longer than it does.
    short = len(dialect) <= SHORT
    mathml = _parse(dialect, display) if short else _worker().submit(_parse, dialect, display).result()
    return _compact(mathml) if mathml else None


def _parse(latex: str, display: bool) -> str | None:
    try:
        mathml = str(_converter().convert_with_local_state(latex, displaystyle=display))
        return NAMED_CHARACTER.sub(lambda match: html.unescape(match[0]), mathml)
    except math_core.LatexError:
        return None


def _compact(mathml: str) -> str | None:
    """The converter's output, less what changes nothing; None unless it is well-formed and only draws."""
    try:
        root = ElementTree.fromstring(mathml)
    except ElementTree.ParseError:
        return None
    if not _is_plain(root):
        return None
    # The page sets every formula of a block as a display: see `.formula > math` in report.css.
    root.attrib.pop("display", None)
    return _written(root, first=True, alone=True)


def _is_plain(root: ElementTree.Element) -> bool:
    """Whether there are only elements and attributes that draw, in few levels."""
    level, depth = [root], 0
    while level:
        depth += 1
        for element in level:
            if element.tag not in ELEMENTS:
                return False
            if any(UNSAFE_ATTRIBUTE.search(name) or "url(" in value for name, value in element.attrib.items()):
                return False
        level = [child for element in level for child in element]
    return depth <= DEEPEST_ELEMENTS


def _written(element: ElementTree.Element, *, first: bool, alone: bool) -> str:
    children = _merged(element)
    if element.tag == "mo" and first and not alone and element.text in ("−", "+") and set(element.attrib) == {"lspace", "rspace"}:
        element.attrib.clear()  # the first of a row is a sign, which has no space around it
    in_row = element.tag in ROWS
    inner = html.escape(element.text or "", quote=False) + "".join(
        _written(child, first=in_row and place == 0, alone=len(children) == 1) for place, child in enumerate(children)
    )
    said = "".join(f' {name}="{html.escape(LENGTH.sub(_length, value))}"' for name, value in element.attrib.items())
    if not inner and element.tag == "mspace":
        return f"<mspace{said}/>"
    return f"<{element.tag}{said}>{inner}</{element.tag}>"


def _length(match: re.Match[str]) -> str:
    return f"{match[1]}em"


def _merged(element: ElementTree.Element) -> list[ElementTree.Element]:
    """The children: a sign before a number as one number, rows around one part and rows within a row left out."""
    children: list[ElementTree.Element] = []
    for child in element:
        child = _unwrapped(child)
        if child.tag == "mrow" and not len(child) and element.tag in ROWS:
            continue
        before = children[-1] if children else None
        sign = before is not None and before.tag == "mo" and before.text == "−" and set(before.attrib) == {"lspace", "rspace"}
        opens = len(children) == 1 or (len(children) > 1 and children[-2].tag == "mo")
        if element.tag in ROWS and sign and opens and child.tag == "mn" and not child.attrib:
            child.text = f"−{child.text}"
            children[-1] = child
        else:
            children.append(child)
    if len(children) == 1 and children[0].tag == "mrow" and element.tag in ROWS and not children[0].attrib:
        return _merged(children[0])
    return children


def _unwrapped(element: ElementTree.Element) -> ElementTree.Element:
    """What stands alone in a row, without the row; an operator may need it, which makes it a sign or a fence."""
    if element.tag != "mrow" or element.attrib:
        return element
    inner = _merged(element)
    if len(inner) == 1 and inner[0].tag != "mo" and inner[0].tag != "mrow":
        return inner[0]
    fences = len(inner) > 2 and inner[0].tag == inner[-1].tag == "mo" and (inner[0].text, inner[-1].text) == ("(", ")")
    if fences and all(one.tag in LOW or (one.tag == "mo" and one.text == ",") for one in inner[1:-1]):
        inner[0].attrib.clear()
        inner[-1].attrib.clear()
    row = ElementTree.Element("mrow")
    row.extend(inner)
    return row


@functools.cache
def _converter() -> math_core.LatexToMathML:
    return math_core.LatexToMathML(macros={"bm": r"\boldsymbol{#1}"})


@functools.cache
def _worker() -> concurrent.futures.ThreadPoolExecutor:
    """One thread with a stack that the converter's recursion cannot exhaust within `LONGEST` characters."""
    before = threading.stack_size(STACK_BYTES)
    try:
        pool = concurrent.futures.ThreadPoolExecutor(max_workers=1, thread_name_prefix="mathml")
        pool.submit(int).result()
    finally:
        threading.stack_size(before)
    return pool


def _in_dialect(latex: str) -> str:
    """`latex` with the few commands that the converter lacks written with those that it has."""
    text = latex.replace("{smallmatrix}", "{matrix}")
    before = None
    while before != text:
        before, text = text, LOW_BRACKETS.sub(r"\1\2\3", text)
    text = _rewrite(text, r"\substack", lambda body: rf"\begin{{subarray}}{{c}}{body}\end{{subarray}}")
    for command in (r"\text", r"\mbox", r"\textrm"):
        text = _rewrite(text, command, _split_text)
    return text


def _rewrite(text: str, command: str, replace: Callable[[str], str]) -> str:
    """`text` with every `command{body}` replaced by `replace(body)`."""
    parts = []
    start = 0
    opening = command + "{"
    while (found := text.find(opening, start)) >= 0:
        end = _closing_brace(text, found + len(opening))
        if end is None:
            break
        parts += [text[start:found], replace(text[found + len(opening) : end])]
        start = end + 1
    return "".join([*parts, text[start:]])


def _split_text(body: str) -> str:
    """Words with formulas between dollar signs, as words and formulas in turn."""
    pieces = re.split(r"(?<!\\)\$", body)
    if len(pieces) % 2 == 0:
        return rf"\text{{{body}}}"
    words_and_formulas = [piece if odd % 2 else rf"\text{{{piece}}}" for odd, piece in enumerate(pieces)]
    return "".join(part for part in words_and_formulas if part != r"\text{}")


def _closing_brace(text: str, start: int) -> int | None:
    depth = 1
    for match in re.finditer(r"\\.|[{}]", text[start:], re.DOTALL):
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        if depth == 0:
            return start + match.start()
    return None


def _brace_depth(text: str) -> int:
    depth = deepest = 0
    for match in re.finditer(r"\\.|[{}]", text, re.DOTALL):
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        deepest = max(deepest, depth)
    return deepest
