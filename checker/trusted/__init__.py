"""The trusted folder: what has to be right for a verdict to be right.

Everything that may *find* an argument lives elsewhere; everything that *decides* lives here. The folder imports
SymPy (expressions and their assumptions), python-flint (exact polynomials, ball arithmetic) and the standard
library, and nothing else of ours.

- `heads`: the operators that SymPy lacks (partial derivative along a coordinate, integral over space, mean).
- `integer_products`: a rule of SymPy's, which products are integers, without what does not follow.
- `facts`: what the hypotheses say: signs, integrality, admitted values.
- `balls`: an expression at a point, enclosed in ball arithmetic.
- `sampling`: admissible points, and the refutation of a statement at one of them.
- `normal_form`: an expression as a quotient of polynomials in generators, modulo true relations.
- `equality`, `order`: the decisions.
- `rules`: certificates that a derivation's author, or a search, brings along.
"""

from derivable.trusted.integer_products import install as _install_rule_of_integer_products

_install_rule_of_integer_products()
