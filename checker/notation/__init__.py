"""Mathematics as one writes it, to SymPy expressions: parsed, never evaluated.

Two grammars, plain text and LaTeX, make one syntax tree; one builder makes unevaluated expressions of it. What may be read in
two ways is refused with the place marked.
"""

from derivable.notation.errors import NotationError
from derivable.notation.names import Declarations
from derivable.notation.reading import Reading, parse, read

__all__ = ["Declarations", "NotationError", "Reading", "parse", "read"]
