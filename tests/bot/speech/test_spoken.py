"""What a narrator says where a page shows signs."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.speech.spoken import spoken
from tests.bot.rendering.strategies import words

SPEAKABLE = re.compile(r"[A-Za-zÀ-ɏḀ-ỿ0-9 .,;:!?'()-]*")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (r"accuracy of $80.1\% \pm 0.3$", "accuracy of 80.1 percent plus or minus 0.3"),
        (r"runs in $\mathcal{O}(n \log n)$", "runs in O of n log n"),
        (r"$\ell_\infty$-aware", "l infinity aware"),
        (r"within $10^{-3}$", "within 10 to the power of minus 3"),
        ("x² + y₁ = z^3", "x squared plus y 1 equals z cubed"),
        ("a → b ≈ c", "a to b about c"),
        ("if $n<N$, but for $m>M$ it takes 3", "if n less than N, but for m greater than M it takes 3"),
        ("$p<q$ and every $r>s$", "p less than q and every r greater than s"),
        ("2*3*4, 8*A100 and 4*H100", "2 times 3 times 4, 8 A100 and 4 H100"),
        ("2*n, (a + b) * c, 1.2*10^5", "2 times n, (a plus b) times c, 1.2 times 10 to the power of 5"),
        ("Q*(s, a) = f*(x), n*(n-1)", "Q star (s, a) equals f star (x), n times (n-1)"),
        (
            "θ* = θ^*, C*-algebras, 12.3* and Smith*",
            "theta star equals theta star, C star algebras, 12.3 and Smith",
        ),
        ("p < 0.05 and n ≥ 30", "p less than 0.05 and n at least 30"),
        ("β-mixing, μ and Σ", "beta mixing, mu and sigma"),
        ("5°C and 30°", "5 degrees Celsius and 30 degrees"),
        ("∀ x ∈ A", "for all x in A"),
        ("text->image, A <-> B, x => y", "text to image, A to and from B, x implies y"),
        ("x>=3, y <= 2, z != 0", "x at least 3, y at most 2, z is not 0"),
        ("2**16 and 10**(-3)", "2 to the power of 16 and 10 to the power of minus 3"),
        ("2^{31}-1 and 2^61-1", "2 to the power of 31 minus 1 and 2 to the power of 61 minus 1"),
    ],
)
def test_formulas_and_signs_are_words(written: str, said: str) -> None:
    assert spoken(written) == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("$2^k$ states, $10^{-k}$", "2 to the power of k states, 10 to the power of minus k"),
        ("$O(n^d)$ or $e^{-x}$", "O of n to the power of d or e to the power of minus x"),
        ("$x_i$ and $h_{t-1}$", "x i and h t minus 1"),
        (
            r"$\sum_{i=1}^n x_i$, $\int_0^1 f$",
            "the sum from i equals 1 to n of x i, the integral from 0 to 1 of f",
        ),
        ("the $k^{th}$ and $5^{th}$, n^{th}", "the kth and 5th, nth"),
        ("$^{13}$CO and H$_2$O", "13 CO and H 2 O"),
        (r"$D^{(*)}$, $A^\ast$, $A^\dagger$, $B^0_s$", "D star, A star, A dagger, B s to the power of 0"),
        ("100 M⊙ and $x⊙y$", "100 M sun and x times y"),
    ],
)
def test_raised_and_lowered_letters_stay_apart_from_what_they_belong_to(written: str, said: str) -> None:
    assert spoken(written) == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("80.1%", "80.1 percent"),
        ("mAP@0.5 of 56.3, AP@[.5:.95]", "mean A P at 0.5 of 56.3, AP at 0.5:0.95"),
        ("2½ hours, 10 000 steps in 2020", "2 and 1 over 2 hours, 10,000 steps in 2020"),
        ("20 µW, 45 tok/s", "20 microwatts, 45 tok per second"),
        (r"$\gtrsim 10$ and $\lesssim 3$", "more than about 10 and less than about 3"),
        (r"$P(y \mid x)$, $D(p\|q)$, $\|x\|$", "P(y given x), D(p from q), the norm of x"),
        ("95 % interval [-0.4, 1.0]", "95 percent interval minus 0.4 to 1.0"),
        ("from .71 to .83", "from 0.71 to 0.83"),
        ("1e-4 and 3 × 10⁻⁴", "1 times 10 to the power of minus 4 and 3 times 10 to the power of minus 4"),
        ("3.2B parameters, 10k steps", "3.2 billion parameters, 10 thousand steps"),
        ("12.5M images, 128K tokens", "12.5 million images, 128 thousand tokens"),
        ("2–5 and 5-10 GB", "2 to 5 and 5 to 10 gigabytes"),
        ("5 ms, 1 ms, 3 kWh", "5 milliseconds, 1 millisecond, 3 kilowatt hours"),
        ("4 GB/s and 41.2 tokens/s", "4 gigabytes per second and 41.2 tokens per second"),
        ("10 min. on 5 GPUs, 5 sec. per query", "10 minutes on 5 GPUs, 5 seconds per query"),
        ("In 2 hrs. and 1 min. It ends.", "In 2 hours and 1 minute. It ends."),
        ("from 1864.8400 to 1204.3456 MeV", "from 1864.8400 to 1204.3456 megaelectronvolts"),
        ("5 s, the 1990s", "5 seconds, the 1990s"),
        (
            "3×10⁸ m/s, 10⁻³ kg/s",
            "3 times 10 to the power of 8 metres per second, 10 to the power of minus 3 kilograms per second",
        ),
        (
            "10 ms – 20 ms, 5 GB/s - 8 GB/s",
            "10 milliseconds to 20 milliseconds, 5 gigabytes per second to 8 gigabytes per second",
        ),
        (
            "-20 °C – -5 °C, 9 ms — 4 ms less",
            "minus 20 degrees Celsius to minus 5 degrees Celsius, 9 milliseconds, 4 milliseconds less",
        ),
        ("2.7× faster", "2.7 times faster"),
        ("512×512", "512 by 512"),
        ("3× on 16 tasks", "3 times on 16 tasks"),
        ("$5, $3.5 million, €2B", "5 dollars, 3.5 million dollars, 2 billion euros"),
        (
            "$2.50/month, US$5, €5m, $2bn",
            "2.50 dollars per month, 5 dollars, 5 million euros, 2 billion dollars",
        ),
        ("$0.15/1M tokens", "0.15 dollars per 1 million tokens"),
        ("12/14 pages, 1/2", "12 over 14 pages, 1 over 2"),
        ("3:1, 80:20, at 10:30", "3 to 1, 80 to 20, at 10:30"),
        ("~5 % and ±2", "about 5 percent and plus or minus 2"),
        ("−0.3 points", "minus 0.3 points"),
        ("on 2026-11-16", "on 16 November 2026"),
        ("1,240 questions, top-5, a 4-bit model", "1,240 questions, top-5, a 4-bit model"),
        ("½ and ② and ٣", "1 over 2 and 2 and 3"),
        ("changed by –5% on average", "changed by minus 5 percent on average"),
        ("20%-30%, 85%–90%", "20 percent to 30 percent, 85 percent to 90 percent"),
        ("10^3-10^5", "10 cubed to 10 to the power of 5"),
        ("10^3–5000", "10 cubed to 5000"),
        ("0.5--1.2, 2020--2024, the best--5 of them", "0.5 to 1.2, 2020 to 2024, the best, 5 of them"),
        (
            "$z=0.5$--$1.2$, $10^{-5}$--$10^{-3}$",
            "z equals 0.5 to 1.2, 10 to the power of minus 5 to 10 to the power of minus 3",
        ),
        ("7B-70B, 5×–10×, 2× -3", "7 billion to 70 billion, 5 times to 10 times, 2 times minus 3"),
        ("3 +/- 2 and 3+-2", "3 plus or minus 2 and 3 plus or minus 2"),
        ("C++-based, 5!=120", "C plus plus-based, 5! equals 120"),
        (
            r"$e^+e^-$, Ca$^{2+}$ and $10^{12} M_\odot$",
            "e plus e minus, Ca 2 plus and 10 to the power of 12 M sun",
        ),
        ("> 90%", "greater than 90 percent"),
        ("+ 3.2 points", "plus 3.2 points"),
        ("8 V100 GPUs, area V1", "8 V100 GPUs, area V1"),
        ("Figure 3B and a 3T MRI scanner", "Figure 3B and a 3T MRI scanner"),
        ("written by qwen3:8b", "written by qwen3:8b"),
        ("$1 - \\epsilon$ and $L_1 - L_2$", "1 minus epsilon and L 1 minus L 2"),
        (r"$\frac{a+b}{2}$", "(a plus b) over 2"),
        ("GPT-4 - a model, 3 - 5 of groups A - D", "GPT-4, a model, 3, 5 of groups A, D"),
    ],
)
def test_numbers_are_said_with_what_belongs_to_them(written: str, said: str) -> None:
    assert spoken(written) == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (r"loss $-\log p(x)$ on $(-\infty, \infty)$", "loss minus log p(x) on (minus infinity, infinity)"),
        (r"$x \mapsto -x$ with $-\alpha$; a -a list", "x to minus x with minus alpha; a a list"),
        (
            r"$O(1/\epsilon^2)$, $1/\varepsilon$, IFN-α/β",
            "O of 1 over epsilon squared, 1 over epsilon, IFN alpha beta",
        ),
        (r"$e^{-t/\tau}$, $d^2x/dt^2$", "e to the power of minus t over tau, d squared x over dt squared"),
        (
            r"$QK^\top/\sqrt{d}$, ∂f/∂x",
            "QK transpose over the square root of d, partial f over partial x",
        ),
        (r"$W^\top W$, $x^T y$, $\gamma^T$", "W transpose W, x transpose y, gamma to the power of T"),
        ("f(x) = x² + 2x + 1, 3x − 2", "f(x) equals x squared plus 2x plus 1, 3x minus 2"),
        ("2x, 2x - 3x and (2x) faster", "2 times, 2 times, 3 times and (2 times) faster"),
        (r"$\hat{\theta}$, $\bar{x}_i$, $\tilde{O}(n)$, rôle", "theta hat, x bar i, O tilde (n), rôle"),
        (r"$Y \perp X$, Y ⊥⊥ X, ⌈n/2⌉", "Y perpendicular X, Y is independent of X, the ceiling of n over 2"),
        ("SO(3) and O(3), ∛x, n>>p", "SO(3) and O of 3, the cube root of x, n much greater than p"),
        ("12 kg/m³, 10 J/K, 5 kΩ", "12 kilograms per metre cubed, 10 joules per kelvin, 5 kilohms"),
        (
            "$5–10, €2M-€3M, 1.2 x 10^5",
            "5 to 10 dollars, 2 million to 3 million euros, 1.2 times 10 to the power of 5",
        ),
        ("Stage I–III, k=1..10", "Stage I to III, k equals 1 to 10"),
        ("OR 1.5 (95% CI 1.1–2.0) OR NOT, NO₂", "odds ratio 1.5 (95 percent CI 1.1 to 2.0) or not, NO 2"),
    ],
)
def test_nothing_that_a_formula_or_a_measure_says_is_left_out(written: str, said: str) -> None:
    assert spoken(written) == said


@pytest.mark.parametrize("written", ["1234567890" * 4, "1," + "234," * 13 + "567"])
def test_a_number_that_nobody_has_a_word_for_is_said_digit_by_digit(written: str) -> None:
    assert spoken(f"the prime {written} is") == f"the prime {' '.join(written.replace(',', ''))} is"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("GPT-4o, LLMs and LoRA", "GPT-4o, LLMs and LoRA"),
        ("Qwen2.5-72B-Instruct v2.5", "Qwen 2.5 72 billion-Instruct version 2.5"),
        ("BLEU on SQuAD", "blue on squad"),
        ("arXiv, C#", "archive, C sharp"),
        ("cs.CL and stat.ML", "cs CL and stat ML"),
        ("w.r.t. x, i.e. y vs. z, e.g. w", "with respect to x, that is y versus z, for example w"),
        ("Wei et al. show it, as did Wei et al.", "Wei and others show it, as did Wei and others."),
        ("(see Fig. 3 and Sec. 4.2, p. 7)", "(see Figure 3 and Section 4.2, page 7)"),
        ("the min. and max. in sec. 4", "the minimum and maximum in section 4"),
        ("MMLU, GPQA, MATH, MBPP and AIME", "MMLU, GPQA, MATH, MBPP and AIME"),
        ("WE SHOW THAT ALL MODELS FAIL", "we show that all models fail"),
        ("do NOT use NLP", "do not use NLP"),
        ("and/or, key/value", "and or, key value"),
    ],
)
def test_abbreviations_and_names_are_said_as_people_say_them(written: str, said: str) -> None:
    assert spoken(written) == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("It helps [12, 3–5] much [7].", "It helps much."),
        ("It helps (Smith et al., 2023; Jones, 2024).", "It helps."),
        ("Wei et al. (2022) agree.", "Wei and others agree."),
        ("Smith (2022) agrees (Jones 2024).", "Smith agrees."),
        ("51.0 on AIME (2025) (AIME 2024)", "51.0 on AIME (2025) (AIME 2024)"),
        ("a length (2048), adults (N = 1987)", "a length (2048), adults (N equals 1987)"),
        ("GPT-4 (OpenAI, 2023) agrees.", "GPT-4 agrees."),
        ("as in arXiv:2404.12345v2 and hep-th/9901001.", "as in and."),
        ("1204.3456v2 and arXiv:1204.3456", "and"),
        ("Before (2404.12345) it was so.", "Before it was so."),
        ("See https://github.com/x/y.", "See a web address."),
        ("Write to ada@example.org.", "Write to an e-mail address."),
        ("doi:10.1000/xyz123 says so", "says so"),
    ],
)
def test_what_leads_elsewhere_is_not_read_out(written: str, said: str) -> None:
    assert spoken(written) == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("**bold** _it_ `code` ~~gone~~", "bold it code gone"),
        ("# Title\n- one\n- two", "Title, one, two"),
        ("[link](https://x.example) <b>b</b>", "link b"),
        ("snake_case and x_model", "snake case and x model"),
        ("“quoted” ‘text’ — with dashes – here … end", "quoted text, with dashes, here, end"),
        ("don't, models' and 'x'", "don't, models' and x"),
        ("Łukasz Müller, O'Brien", "Łukasz Müller, O'Brien"),
        (
            "学习 deep learning и машинное обучение",
            "words in Chinese script deep learning words in Cyrillic script",
        ),
        ("nice 🎉 work", "nice work"),
        ("( , ) , ; . Fine .. .", "Fine."),
    ],
)
def test_marks_of_the_page_are_gone(written: str, said: str) -> None:
    assert spoken(written) == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("where |x - y| < 2", "where the absolute value of x minus y less than 2"),
        ("|x| and |cos θ|", "the absolute value of x and the absolute value of cos theta"),
        ("|D| papers, O(|V| + |E|)", "the size of D papers, O of the size of V, plus the size of E"),
        ("the |d_i|, of A ∪ B: |A ∪ B|", "the size of d i, of A union B: the size of A union B"),
        ("α|w|, = -|w|", "alpha the absolute value of w, equals minus the absolute value of w"),
        ("|x| - |y|", "the absolute value of x, minus the absolute value of y"),
        ("|A - B|/|B|", "the absolute value of A minus B, over the size of B"),
        ("|ŷ - y|²", "the absolute value of y hat minus y, squared"),
        (
            r"$\left| x_1-x_2 \right|$, $\lvert x \rvert$",
            "the absolute value of x 1 minus x 2, the absolute value of x",
        ),
        (r"$\|x - y\|_2^2$, ||w||_1", "the 2-norm of x minus y, squared, the 1-norm of w"),
        (r"$\lVert w \rVert$ ∥w∥1, ‖A‖_∞", "the norm of w the 1-norm of w, the infinity-norm of A"),
        ("KL(q(z|x) || p(z)), a || b", "K L(q(z given x) from p(z)), a b"),
        ("p(y|x), yes|no|maybe, | a | b |, |ψ⟩", "p(y given x), yes no maybe, a b, psi"),
    ],
)
def test_bars_say_what_they_make_of_what_is_between_them(written: str, said: str) -> None:
    assert spoken(written) == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("f(x) = -x_i + 3, $-\\beta_t$", "f(x) equals minus x i plus 3, minus beta t"),
        ("-ΔE = -(x + y)", "minus delta E equals minus (x plus y)"),
        ("the flag `-v`, options -a or --all", "the flag dash v, options dash a or dash all"),
        ("the -n and -k options of 5~10 runs", "the dash n and dash k options of 5 to 10 runs"),
        ("Figure 5 -(a), a switch -1", "Figure 5 (a), a switch minus 1"),
    ],
)
def test_a_dash_in_front_is_a_minus_or_a_programs_flag(written: str, said: str) -> None:
    assert spoken(written) == said


_SIGNS = """
the model x 3 5 4.2 1e-4 2–5 ms % $ ± → ** _ [12] (Smith, 2020) e.g. et al. vs. arXiv:2404.12345 http://a.b/c
α 学 д NOT WE SHOW THAT ALL - — … ' “ ( ) [ ] / : . , ; ! ^ ² ₁ 10^ × k M $x_1$ { } \\ # * ` -3 C# and/or
2ᵏ hₜ₋₁ ⁺ ½ 000 | ‖ @ |x| || ∥ -x_i flag -v
"""
_BITS = st.lists(st.sampled_from([*_SIGNS.split(), "\n"]), max_size=14)
_TEXTS = st.one_of(words, st.text(max_size=40), _BITS.map(" ".join), _BITS.map("".join))


@given(_TEXTS)
def test_only_what_can_be_spoken_comes_out_and_a_second_time_changes_nothing(text: str) -> None:
    said = spoken(text)

    assert SPEAKABLE.fullmatch(said)
    assert said == said.strip()
    assert spoken(said) == said


_PLAIN = ("model", "reads", "paper", "whole", "answer", "grows", "tokens")
_MARKS = (
    " —",
    " ±",
    " →",
    " %",
    " ≤",
    " α",
    "…",
    "!",
    "?",
    "**",
    " (",
    ")",
    " [3]",
    " 5 ms",
    "'s",
    "",
    ",",
    ".",
    ";",
)


@given(st.lists(st.tuples(st.sampled_from(_PLAIN), st.sampled_from(_MARKS)), min_size=1, max_size=12))
def test_no_plain_word_is_lost_whatever_stands_around_it(pairs: list[tuple[str, str]]) -> None:
    said = spoken(" ".join(word + mark for word, mark in pairs))

    heard = [word for word in re.findall("[a-z]+", said) if word in _PLAIN]
    assert heard == [word for word, _ in pairs]
