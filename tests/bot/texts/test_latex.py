import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.texts.latex import plain, plain_line


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (r"$\alpha_{i}^{2}$", "αᵢ²"),
        (r"It costs $5 on A\&B data", "It costs $5 on A&B data"),
        ("from $5 to $10 {per} hour", "from $5 to $10 per hour"),
        (r"$\mathcal{O}(n \log n)$", "𝒪(n log n)"),
        (r"\sqrt{2} and $\sqrt{x+1}$", "√2 and √(x+1)"),
        (r"$\frac{a}{b}$, $\frac{a+1}{b}$, $O(\frac{k^n}{\sqrt{n}})$", "a/b, (a+1)/b, O(kⁿ/√n)"),
        (r"Poincar\'e, na\"ively, Proven\c{c}al, S\o ren", "Poincaré, naïvely, Provençal, Søren"),
        (r"\textbf{A}daptive {\em should} \emph{x}", "Adaptive should x"),
        (r"$x_\text{max}$, $W^{Q}_{model}$, $x^{(t+1)}$", "xₘₐₓ, W^Q_model, x⁽ᵗ⁺¹⁾"),
        (r"H$_2$O at 90$^\circ$", "H₂O at 90°"),
        (r"$ \ell_{1} $ norm, $\sim$0.01GB, $550$k", "ℓ₁ norm, ∼0.01GB, 550k"),
        (r"$\mathbb{R}^n$ but $\mathbf{8 \times}$", "ℝⁿ but 8 ×"),
        (
            r"see \url{http://x.example/~a_b} and \href{http://x.example}{here}",
            "see http://x.example/~a_b and here",
        ),
        (r"the \ours{} model and \model align, \ie, well", "the ours model and model align, i.e., well"),
        (r"foundational$\unicode{x2013}$a ``quote'' --- so", "foundational–a “quote” — so"),
        (r"9.11$>$9.9, $+$7.8%, $\sim$$148k$ papers", "9.11>9.9, +7.8%, ∼148k papers"),
        (r"$O(n\log n)$, $\sin\theta$, $1/\tau\log x$", "O(n log n), sin θ, 1/τ log x"),
        (r"in O(n\log n) steps, \sin\theta{} and \max of all", "in O(n log n) steps, sin θ and max of all"),
        (r"of x_{t-1} and 2^{n-1}, 10^{-3}, \model", "of x_(t-1) and 2^(n-1), 10^-3, model"),
        (r"$\arg\min_x$, $\log\log n$, $a\bmod b$", "arg minₓ, log log n, a mod b"),
        (r"$(\log n)^2$, $\lfloor\log n\rfloor$, $\log\left(x\right)$", "(log n)², ⌊log n⌋, log(x)"),
        (r"$n^{O(\log n)}$ and $2^{2^n}$", "n^(O(log n)) and 2^(2ⁿ)"),
        (r"$\nabla_\theta \log \pi_\theta(a)$, $\alpha \log n$", "∇_θ log π_θ(a), α log n"),
        (r"$\nabla_\theta J$, $W_QW_K^\top W$, $x_{i}y^2z$", "∇_θ J, W_Q W_KᵀW, xᵢy²z"),
        (r"$\left(p_\theta\right)$, 90$^\circ\mathrm{C}$", "(p_θ), 90°C"),
        (r"$\left| x - y \right|$, $\lvert x \rvert$, $\lVert w \rVert_F$", "|x - y|, |x|, ‖w‖_F"),
        (r"$\widehat{\theta}$, $\overline{x}$, $\overline{AB}$, $\widetilde{O}(n)$", "θ̂, x̄, AB, Õ(n)"),
        (
            r"$X\stackrel{d}{=}Y$, $\underset{x}{\min}$, $\overset{iid}{\sim}$",
            "X=ᵈY, minₓ, ∼ⁱⁱᵈ",
        ),
        (r"${\cal N}=4$ and $\operatorname*{argmax}_x$", "N=4 and argmaxₓ"),
        ("Navier--Stokes, 2020--2024, run --all", "Navier–Stokes, 2020--2024, run --all"),
        (r"of Table~1, ~64k manual, 5~10 runs", "of Table 1, ~64k manual, 5~10 runs"),
    ],
)
def test_tex_becomes_unicode(tex: str, text: str) -> None:
    assert plain_line(tex) == text


@pytest.mark.parametrize(
    "text",
    [
        "$5 and $10",
        "$5-$10",
        "saved $2.5 million and $3 million",
        "it costs $100 today",
        "100% of $x",
        "snake_case and a^b and C# & D",
        "5 < 6 > 4",
    ],
)
def test_prose_with_signs_of_tex_stays(text: str) -> None:
    assert plain(text) == text


def test_money_beside_a_formula_stays_money() -> None:
    assert plain("it costs $100 today and $x_1$ tomorrow") == "it costs $100 today and x₁ tomorrow"


def test_a_per_cent_sign_hides_nothing() -> None:
    assert plain(r"95% of \textbf{all}, 3\% of $x\%$") == "95% of all, 3% of x%"


def test_paragraphs_stay_and_line_breaks_do_not() -> None:
    assert plain("one\ntwo\n \n  three") == "one two\n\nthree"


def test_invisible_characters_go() -> None:
    assert plain("a\u202eb\x00c\ud800d\u200b") == "abcd"


@pytest.mark.parametrize("sign", ["{", "$", r"\sqrt{", r"\frac", "^", r"\begin{array}{", r"$x_{", r"\href"])
def test_broken_tex_is_shown_without_an_error(sign: str) -> None:
    assert isinstance(plain("word " + sign * 2_000), str)


_MACROS = [
    rf"\{name}" for name in ("frac", "sqrt", "unicode", "href", "mathbb", "begin{x}", "end{x}", "left(")
]
_SIGNS = [*"${}\\^_%&~[]()'` a1é\n", "$$", "``", r"\(", r"\)", r"\[", r"\]", r"\'", *_MACROS]
_TEX = st.lists(st.sampled_from(_SIGNS), max_size=40).map("".join)


@given(st.one_of(st.text(), _TEX))
def test_never_an_exception_and_always_printable(text: str) -> None:
    shown = plain(text)

    assert all(character.isprintable() or character in "\n\u200c\u200d" for character in shown)


@given(st.text(alphabet=st.characters(categories=["L", "N"]), max_size=50))
def test_words_without_tex_are_untouched(text: str) -> None:
    assert plain(text) == text
