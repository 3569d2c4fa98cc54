"""The trusted folder: what has to be right for a verdict to be right.

Everything that may *find* an argument lives elsewhere; everything that *decides* lives here. The folder imports
SymPy (expressions and their assumptions), python-flint (exact polynomials, ball arithmetic) and the standard
library, and nothing else of ours.

- `heads`: the operators that SymPy lacks (partial derivative along a coordinate, integral over space, mean).
- `facts`: what the hypotheses say: signs, integrality, admitted values.
- `balls`: an expression at a point, enclosed in ball arithmetic.
- `sampling`: admissible points, and the refutation of a statement at one of them.
- `normal_form`: an expression as a quotient of polynomials in generators, modulo true relations.
- `equality`, `order`: the decisions.
- `rules`: certificates that a derivation's author, or a search, brings along.
"""
