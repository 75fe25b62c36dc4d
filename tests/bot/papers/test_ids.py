import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import InputError
from bot.papers.ids import Reference, find_all, find_cut, find_first, mentions, parse

NEW = Reference(paper_id="2404.12345")
NEW_V2 = Reference(paper_id="2404.12345", version=2)
OLD = Reference(paper_id="math/0309136")


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("2404.12345", NEW),
        ("  2404.12345v2\n", NEW_V2),
        ("2404.12345V2", NEW_V2),
        ("\u202a2404.12345\u202c", NEW),
        ("\u20682404.12345v2\u2069", NEW_V2),
        ("2404.\u200b12345", NEW),
        ("hep\u2011th/9901001", Reference(paper_id="hep-th/9901001")),
        ("cond\u2013mat/0703001", Reference(paper_id="cond-mat/0703001")),
        ("２４０４．１２３４５", NEW),
        ("ａｒＸｉｖ：２４０４.１２３４５ｖ２", NEW_V2),
        ("ｈｔｔｐｓ：／／ａｒｘｉｖ．ｏｒｇ／ａｂｓ／２４０４．１２３４５", NEW),
        ("ｈｅｐ－ｔｈ／９９０１００１", Reference(paper_id="hep-th/9901001")),
        ("0704.0001", Reference(paper_id="0704.0001")),
        ("1412.9999v12", Reference(paper_id="1412.9999", version=12)),
        ("1501.00001", Reference(paper_id="1501.00001")),
        ("hep-th/9101001", Reference(paper_id="hep-th/9101001")),
        ("hep-th/9901001", Reference(paper_id="hep-th/9901001")),
        ("HEP-TH/9901001v3", Reference(paper_id="hep-th/9901001", version=3)),
        ("math.GT/0309136", OLD),
        ("cond-mat.supr-con/0703001", Reference(paper_id="cond-mat/0703001")),
        ("arXiv:2404.12345", NEW),
        ("arXiv: math.GT/0309136", OLD),
        ("arXiv 2404.12345", NEW),
        ("arXiv 2404.12345v2 [cs.CL]", NEW_V2),
        ("doi:10.48550/arXiv.2404.12345", NEW),
        ("https://arxiv.org/abs/2404.12345", NEW),
        ("http://www.arxiv.org/abs/2404.12345v2", NEW_V2),
        ("arxiv.org/abs/math.GT/0309136", OLD),
        ("HTTPS://ArXiv.org/ABS/2404.12345", NEW),
        ("https://arxiv.org/abs/arXiv:2404.12345", NEW),
        ("https://arxiv.org/abs/2404.12345/", NEW),
        ("https://arxiv.org/pdf/2404.12345v2.pdf", NEW_V2),
        ("https://arxiv.org/pdf/2404.12345v2#page=7", NEW_V2),
        ("https://arxiv.org/pdf/2404.12345?download=1#page=7", NEW),
        ("https://arxiv.org/html/2404.12345v2#S3.T1", NEW_V2),
        ("https://export.arxiv.org/abs/2404.12345", NEW),
        ("https://arxiv.org/format/2404.12345", NEW),
        ("https://arxiv.org/src/2404.12345v2", NEW_V2),
        ("https://arxiv.org/e-print/2404.12345", NEW),
        ("https://arxiv.org/ps/math/0309136", OLD),
        ("https://browse.arxiv.org/html/2404.12345v2", NEW_V2),
        ("http://xxx.lanl.gov/abs/2404.12345", NEW),
        ("http://de.arxiv.org/abs/2404.12345", NEW),
        ("http://www.lanl.arxiv.org/pdf/2404.12345v2", NEW_V2),
        ("https://ar5iv.labs.arxiv.org/html/2404.12345", NEW),
        ("https://ar5iv.org/abs/2404.12345", NEW),
        ("https://doi.org/10.48550/arXiv.2404.12345", NEW),
        ("https://doi.org/10.48550/ARXIV.math/0309136", OLD),
        ("https://huggingface.co/papers/2404.12345", NEW),
        ("https://www.alphaxiv.org/abs/2404.12345v2", NEW_V2),
        ("https://alphaxiv.org/overview/2404.12345", NEW),
        ("https://www.alphaxiv.org/pdf/2404.12345v2", NEW_V2),
        ("<https://arxiv.org/abs/2404.12345>", NEW),
        ("(2404.12345).", NEW),
        ("**2404.12345v2**", NEW_V2),
        ("arXiv:2404.12345 [cs.CL]", NEW),
        ("arXiv:2404.12345v2  [cs.CL]  19 Apr 2024", NEW_V2),
        ("2404.12345v2.pdf", NEW_V2),
        ("arxiv.org/ftp/arxiv/papers/2404/2404.12345.pdf", NEW),
        ("http://arxiv.org/ftp/hep-th/papers/9901/9901001.pdf", Reference(paper_id="hep-th/9901001")),
        (
            "http://arxiv.org/PS_cache/math/pdf/0309/0309136v1.pdf",
            Reference(paper_id=OLD.paper_id, version=1),
        ),
        (
            "http://arxiv.org/PS_cache/arxiv/pdf/0704/0704.0001v2.pdf",
            Reference(paper_id="0704.0001", version=2),
        ),
        ("https://arxiv.org/abs//2404.12345", NEW),
        ("https://arxiv.org//abs/2404.12345", NEW),
        ("https://arxiv.org/html/2404.12345v2/x3.png", NEW_V2),
        ("https://arxiv.org/html/2404.12345v2/extracted/5/figure.png#S1", NEW_V2),
        ("DOI: 10.48550/arXiv.2404.12345", NEW),
        ("arXiv.2404.12345", NEW),
        ("arXiv-2404.12345v2", NEW_V2),
        ("2404.12345 v2", NEW_V2),
        ("2404.12345 (v2)", NEW_V2),
        ("2404.12345 version 2", NEW_V2),
        ("https://arxiv.org/abs/2404.12345 (Version 2)", NEW_V2),
        ("2404.12345, v2", NEW_V2),
        ("\u200b2404.12345\u200b", NEW),
        ("https://hf.co/papers/2404.12345", NEW),
        ("https://www.alphaxiv.org/ja/overview/2404.12345v2", NEW_V2),
        ("https://www.alphaxiv.org/resources/2404.12345", NEW),
        ("https://scirate.com/arxiv/2404.12345", NEW),
        ("https://papers.cool/arxiv/math/0309136", OLD),
        ("https://www.semanticscholar.org/arxiv/2404.12345", NEW),
        ("https://api.semanticscholar.org/arXiv:2404.12345", NEW),
        ("https://www.emergentmind.com/papers/2404.12345", NEW),
        ("https://www.arxiv-vanity.com/papers/2404.12345/", NEW),
        ("https://ui.adsabs.harvard.edu/abs/arXiv:2404.12345/abstract", NEW),
        ("https://ui.adsabs.harvard.edu/abs/2024arXiv240412345S/abstract", NEW),
        ("2012arXiv1204.5678S", Reference(paper_id="1204.5678")),
        ("https://inspirehep.net/arxiv/hep-th/9901001", Reference(paper_id="hep-th/9901001")),
        ("https://dblp.org/rec/journals/corr/abs-2404-12345.html", NEW),
        ("https://dblp.uni-trier.de/rec/bib2/journals/corr/abs-2404-12345", NEW),
        ("DBLP:journals/corr/abs-2404-12345", NEW),
        ("abs-2404-12345", NEW),
        ("https://arxiv.org/2404.12345v2", NEW_V2),
        ("arxiv.org/math/0309136", OLD),
        ("https://arxiv.org/bibtex/2404.12345", NEW),
        ("https://www.alphaxiv.org/audio/2404.12345", NEW),
        ("https://arxiv.org/abs/math%2F0309136", OLD),
        ("https://doi.org/10.48550%2FarXiv.2404.12345", NEW),
        ("oai:arXiv.org:2404.12345", NEW),
        ("oai:arXiv.org:math/0309136", OLD),
        ("math0309136", OLD),
        ("arXiv:hep-th9901001v3.pdf", Reference(paper_id="hep-th/9901001", version=3)),
        ("arxiv/2404.12345", NEW),
        ("arXiv2404.12345v2", NEW_V2),
        ("arxiv_2404.12345", NEW),
        ("https://www.google.com/url?sa=D&q=https%3A%2F%2Farxiv.org%2Fabs%2F2404.12345v2&ust=1", NEW_V2),
        (
            "https://nam02.safelinks.protection.outlook.com/?url=https%3A%2F%2Farxiv.org%2Fpdf%2F2404.12345&data=5",
            NEW,
        ),
        ("https://web.archive.org/web/20240501000000/https://arxiv.org/abs/2404.12345", NEW),
    ],
)
def test_every_form_people_paste_is_understood(text: str, reference: Reference) -> None:
    assert parse(text) == reference


@pytest.mark.parametrize(
    "text",
    [
        "[2404.12345v2] A title, as browsers have it",
        "- 2404.12345v2",
        "A title · 2404.12345v2",
        "[a title](<https://arxiv.org/abs/2404.12345v2>)",
        "arXiv preprint arXiv:2404.12345v2, 2024.",
        "Cite as: arXiv:2404.12345v2 [cs.CL] (or arXiv:2404.12345 for the newest)",
    ],
)
def test_the_one_paper_among_other_words_is_understood(text: str) -> None:
    assert parse(text) == NEW_V2


def test_of_several_papers_none_is_chosen() -> None:
    with pytest.raises(InputError):
        parse("2404.12345 and 2404.12346")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "cs.CL",
        "attention is all you need",
        "2404.1234",  # five digits since 2015
        "1412.12345",  # four before
        "2413.12345",  # no such month
        "0703.0001",  # before the new style began
        "2404.00000",
        "2404.12345v0",
        "٢٤04.12345",  # digits of another script
        "hep-th/0704001",  # after the old style ended
        "hep-th/9013001",
        "hep-th/9901000",
        "hep-th/9012001",  # before the old style began
        "news/9901001",  # no such archive
        "https://arxiv.org.evil.com/abs/2404.12345",
        "https://ar5iv.labs.arxiv.org.evil.com/html/2404.12345",
        "https://de.arxiv.org.evil.com/abs/2404.12345",
        "https://evil.arxiv.org/abs/2404.12345",
        "https://labs.arxiv.org/html/2404.12345",
        "https://evil.com/arxiv.org/abs/2404.12345",
        "https://evil.com/abs/2404.12345",
        "https://evil.com/?u=https://arxiv.org/abs/2404.12345",
        "https://evil.com#arxiv.org/abs/2404.12345",
        "https://arxiv.org@evil.com/abs/2404.12345",
        "https://me:secret@arxiv.org/abs/2404.12345",
        "https://arxiv.org\\@evil.com/abs/2404.12345",
        "https://evilarxiv.org/abs/2404.12345",
        "https://arxiv.org./abs/2404.12345",
        "https://arxiv.org:8080/abs/2404.12345",
        "https://аrxiv.org/abs/2404.12345",  # a Cyrillic first letter
        "javascript://arxiv.org/abs/2404.12345",
        "ftp://arxiv.org/abs/2404.12345",
        "//arxiv.org/abs/2404.12345",
        "https://arxiv.org/abs/../pdf/2404.12345",
        "https://arxiv.org/list/cs.CL/recent",
        "https://arxiv.org/list/2404.12345",
        "https://arxiv.org%2F2404.12345",
        "https://evil.com%2Farxiv.org/abs/2404.12345",
        "https://arxiv.org/abs/%252F2404.12345",
        "https://dblp.org/rec/conf/acl/abs-2404-12345",
        "https://www.google.com/url?q=https://evil.com/abs/2404.12345",
        "https://www.google.com.evil.com/url?q=https://arxiv.org/abs/2404.12345",
        "https://web.archive.org/web/2024/https://evil.com/?u=https://arxiv.org/abs/2404.12345",
        "abs-2404-1234",
        "https://huggingface.co/datasets/2404.12345",
        "https://doi.org/10.1000/2404.12345",
    ],
)
def test_anything_else_is_refused_with_advice(text: str) -> None:
    with pytest.raises(InputError, match="is not an arXiv id or link"):
        parse(text)

    assert find_first(text) is None


@pytest.mark.parametrize(
    "text", ["2404.12345 2405.00001", "2404.12345,2405.00001", "arXiv:2404.12345 and math/0309136"]
)
def test_several_papers_are_refused_as_such(text: str) -> None:
    with pytest.raises(InputError, match=r"names several papers\. Name one at a time"):
        parse(text)


def test_a_long_text_is_shortened_in_the_refusal() -> None:
    with pytest.raises(InputError) as refusal:
        parse("x" * 5000)

    assert len(str(refusal.value)) < 250


@pytest.mark.parametrize(
    ("message", "reference"),
    [
        ("Did you see https://arxiv.org/abs/2404.12345v2, and 2405.00001?", NEW_V2),
        ("[a title](https://arxiv.org/abs/2404.12345) is good", NEW),
        ("||<https://arxiv.org/pdf/2404.12345>||", NEW),
        ("arXiv:2404.12345v2 [cs.CL] 18 Apr 2024", NEW_V2),
        ("version 3.14 of 2024.05 came out", None),
        ("https://evil.com/abs/2404.12345", None),
    ],
)
def test_the_first_paper_of_a_message_is_found(message: str, reference: Reference | None) -> None:
    assert find_first(message) == reference


@pytest.mark.parametrize(
    "message",
    [
        "What is 2404.12345's main result?",
        "Is (`2404.12345`'s) method new?",
        "https://arxiv.org/abs/2404.12345's method",
        "arXiv:2404.12345\u2019s",
        "请总结2404.12345的方法",
        "请总结２４０４．１２３４５，谢谢",
        "ａｒＸｉｖ：２４０４.１２３４５とは",
        "请看https://arxiv.org/abs/2404.12345这篇论文",
        "请看arxiv.org/abs/2404.12345这篇论文",
        "論文\uff08https://arxiv.org/abs/2404.12345\uff09を要約",
        "「2404.12345」の要点",
        "见 https://arxiv.org/abs/2404.12345。",
        "arXiv\uff1a2404.12345とは",
        "2404.12345의 방법",
        "บทความ2404.12345คือ",
        "代码在https://github.com/someone/code\uff0c论文在https://arxiv.org/abs/2404.12345。",
        "代码在https://github.com/someone/code。论文在https://arxiv.org/abs/2404.12345。",
        "link:https://arxiv.org/abs/2404.12345",
        "1.https://arxiv.org/abs/2404.12345",
        "https://arxiv.org/abs/2404.12345\u2014great",
    ],
)
def test_a_paper_is_found_among_the_words_that_touch_it(message: str) -> None:
    assert find_first(message) == NEW


@pytest.mark.parametrize(
    "message",
    [
        "evil.com/?u=https://arxiv.org/abs/2404.12345",
        "evil.com?u=https://arxiv.org/abs/2404.12345",
        "xhttps://arxiv.org/abs/2404.12345",
        "https://请arxiv.org/abs/2404.12345",
        "ftp://请arxiv.org/abs/2404.12345",
        "https://\u0430arxiv.org/abs/2404.12345",  # a Cyrillic first letter
        "https://evil.com。arxiv.org/abs/2404.12345",
        "https://arxiv.org。evil.com/abs/2404.12345",
        "https://evil.com\uff0farxiv.org/abs/2404.12345",
        "https://a\u2014arxiv.org/abs/2404.12345",
        "https://evil.com/论文2404.12345",
        "evil.com/请arxiv.org/abs/2404.12345",
    ],
)
def test_no_part_of_another_hosts_link_is_a_paper(message: str) -> None:
    assert find_first(message) is None


BESIDE_NUMBERS = st.sampled_from((*"$€£%‰°′±≈=+-/^×#&@\\a", "MeV", "µm", "℃", "\u2013", "〜", "x=", "м", "٣"))


@given(BESIDE_NUMBERS, st.from_regex(r"\d{4}\.\d{4,5}", fullmatch=True))
def test_a_number_that_touches_signs_units_or_other_letters_is_no_paper(sign: str, number: str) -> None:
    assert find_first(f"It was {sign}{number} then") is None
    assert find_first(f"It was {number}{sign} then") is None
    assert find_first(f"大约{sign}{number}左右") is None
    assert find_first(f"大约{number}{sign}左右") is None


@given(
    st.text(st.sampled_from("0123456789.0123456789.请的。 ")),
    st.text(st.sampled_from("0123456789.vk%$请的。 ")),
)
def test_letters_of_unspaced_scripts_separate_words_as_spaces_do(before: str, after: str) -> None:
    message = f"{before}1204.5678{after}"

    assert find_first(message) == find_first(re.sub("([请的。]+)", r" \1 ", message))


def test_a_mention_is_the_whole_word_that_names_the_paper() -> None:
    message = "请总结2404.12345的方法, or math/0309136's"

    assert [message[one.start : one.end] for one in mentions(message)] == ["2404.12345", "math/0309136's"]


def test_the_key_names_the_version_where_there_is_one() -> None:
    assert NEW.key_or_id == "2404.12345"
    assert NEW_V2.key_or_id == "2404.12345v2"


PIECES = st.sampled_from(
    (
        *"@:/\\.<? \0",
        "https://",
        "www.",
        "export.",
        "arxiv.org",
        "doi.org",
        "evil.com",
        "10.48550/",
        "arXiv:",
        "abs/",
        "arXiv ",
        "pdf/",
        ".pdf",
        "#page=1",
        "2404.12345",
        "v2",
        "math.GT/0309136",
    )
)
CANONICAL = re.compile(r"(\d{4}\.\d{4,5}|[a-z-]+/\d{7})(v[1-9]\d{0,2})?", re.ASCII)


@given(st.text() | st.lists(PIECES, max_size=9).map("".join))
def test_no_text_raises_anything_but_input_error(text: str) -> None:
    find_first(text)

    try:
        reference = parse(text)
    except InputError:
        return

    assert CANONICAL.fullmatch(reference.key_or_id)
    assert parse(reference.key_or_id) == reference


KNOWN_HOSTS = {
    *("arxiv.org", "export.arxiv.org", "browse.arxiv.org", "ar5iv.labs.arxiv.org", "ar5iv.org"),
    *("doi.org", "dx.doi.org", "huggingface.co", "alphaxiv.org", "xxx.lanl.gov"),
}
MIRRORS = re.compile(r"(?:www\.)?(?:[a-z]{2}|lanl)\.arxiv\.org")
HOSTS = st.from_regex(r"[a-z0-9.@:-]{1,30}", fullmatch=True).filter(
    lambda host: host.removeprefix("www.") not in KNOWN_HOSTS and not MIRRORS.fullmatch(host)
)


@given(
    HOSTS
    | HOSTS.map(lambda host: f"arxiv.org.{host}")
    | HOSTS.map(lambda host: f"arxiv.org@{host}")
    | HOSTS.map(lambda host: f"{host}/arxiv.org"),
    st.sampled_from(["https://", "http://", ""]),
)
def test_links_to_other_hosts_are_refused(host: str, scheme: str) -> None:
    link = f"{scheme}{host}/abs/2404.12345"

    assert find_first(link) is None


@given(st.integers(1, 12), st.integers(7, 60), st.integers(1, 9999), st.none() | st.integers(1, 999))
def test_every_plausible_id_is_its_own_canonical_form(
    month: int, year: int, number: int, version: int | None
) -> None:
    month = max(month, 4) if year == 7 else month
    digits = 5 if year >= 15 else 4
    paper_id = f"{year:02}{month:02}.{number:0{digits}}"

    reference = parse(f"https://arxiv.org/abs/{paper_id}{'' if version is None else f'v{version}'}")

    assert reference == Reference(paper_id=paper_id, version=version)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2404.12345v2, 2404.12346; and https://arxiv.org/abs/2404.12345", ["2404.12345", "2404.12346"]),
        (
            "@misc{x,\n eprint={2404.12345},\n doi = {10.48550/arXiv.2404.12346}\n}",
            ["2404.12345", "2404.12346"],
        ),
        ('journal = "arXiv preprint arXiv:hep-th/9901001",', ["hep-th/9901001"]),
        ('id,title\n2404.12345,A title\n"2404.12346","Another, longer one"', ["2404.12345", "2404.12346"]),
        ("url={https://arxiv.org/pdf/2404.12345.pdf}, year = 2024, pages={1404--1412}", ["2404.12345"]),
        ("nothing", []),
    ],
)
def test_every_paper_of_a_list_is_found_once(text: str, found: list[str]) -> None:
    assert [reference.paper_id for reference in find_all(text)] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2404.12345、2404.12346", ["2404.12345", "2404.12346"]),
        ("论文：2404.12345。", ["2404.12345"]),
        ("请看2404.12345的方法", ["2404.12345"]),
        ("https://arxiv.org/abs/2404.12345，https://arxiv.org/abs/2404.12346", ["2404.12345", "2404.12346"]),
        ("• 2404.12345\n•2404.12346", ["2404.12345", "2404.12346"]),
        ("\u200b2404.12345\u200b", ["2404.12345"]),
        ("A title—2404.12345", ["2404.12345"]),
        ("https://example.org/论文2404.12345", []),  # within another host's link
    ],
)
def test_papers_are_found_as_people_of_any_script_list_them(text: str, found: list[str]) -> None:
    assert [reference.paper_id for reference in find_all(text)] == found


def test_papers_are_found_beside_signs_of_an_encoding_that_is_not_known() -> None:
    of_excel = "“2404.12345”;arXiv:\u00a02404.12346;–2404.12347".encode("cp1252")

    found = find_all(of_excel.decode(errors="replace"))

    assert [reference.paper_id for reference in found] == ["2404.12345", "2404.12346", "2404.12347"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("journal={ArXiv}, year={2017}, volume={abs/1706.03762}", ["1706.03762"]),  # Semantic Scholar
        ("journal = {CoRR},\n  volume    = {abs/1706.03762},", ["1706.03762"]),  # DBLP
        ("CoRR, vol. abs/1706.03762.", ["1706.03762"]),
        ("@article{DBLP:journals/corr/abs-1706-03762,", ["1706.03762"]),
        ("volume={abs/hep-th/9901001}", ["hep-th/9901001"]),
        ("journal={arXiv preprint arXiv:~1706.03762}", ["1706.03762"]),
        ("arXiv:1706.03762~[cs.CL] and~arXiv:~hep-th/9901001~(1999)", ["1706.03762", "hep-th/9901001"]),
        ("CoRR~abs/1706.03762~(2017)", ["1706.03762"]),
        (
            "howpublished={\\href{https://arxiv.org/abs/2404.12345}{arXiv:\\,2404.12346}}",
            ["2404.12345", "2404.12346"],
        ),
        ("eprint={hep-th/9901001}, primaryClass={hep-th}", ["hep-th/9901001"]),
    ],
)
def test_papers_are_found_as_bibliographies_write_them(text: str, found: list[str]) -> None:
    assert [reference.paper_id for reference in find_all(text)] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('eprint = "9901001",\n primaryClass = "hep-th",\n archivePrefix = "arXiv"', ["hep-th/9901001"]),
        ("archivePrefix={arXiv},primaryClass={math.GT},eprint={0309136v2}", ["math/0309136"]),
        ("EPRINT = 9901001, eprinttype = {arxiv}, eprintclass = {{hep-th}}", ["hep-th/9901001"]),
        (
            (
                "@article{a, eprint={9901001}, primaryClass={hep-th}} @misc{b, eprint={2404.12345}}"
                "@article{c, primaryClass={math.GT}, eprint={0309136}}"
            ),
            ["hep-th/9901001", "2404.12345", "math/0309136"],
        ),
        ("@article{a, eprint={9901001}} @article{b, primaryClass={hep-th}}", []),
        ("eprint={9901001}, archivePrefix={arXiv}", []),
        ("eprint={9901001}, primaryClass={news}", []),
        ("eprint={9901001}, primaryClass={hep-th}, archivePrefix={HAL}", []),
        ("number={9901001}, my-eprint={9901002}, primaryClass={hep-th}", []),
        ("eprint={99010011}, primaryClass={hep-th}", []),
    ],
)
def test_an_old_id_is_put_together_from_the_fields_of_its_entry(text: str, found: list[str]) -> None:
    assert [reference.paper_id for reference in find_all(text)] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("file={/home/me/2404.12345.pdf:PDF}", ["2404.12345"]),
        ("file = {:2404.12345v2.pdf:PDF;:more/2404.12346v1.PDF:PDF}", ["2404.12345", "2404.12346"]),
        ('file = "/home/me/My Papers, all/2404.12345.pdf"', ["2404.12345"]),
        ("file = {:C\\:/Users/me/my{\\_}papers/2404.12345.pdf:PDF}", ["2404.12345"]),
        ("file = {C\\:\\\\Users\\\\me\\\\2404.12345.pdf}", ["2404.12345"]),
        (
            (
                "file = {arXiv\\:2404.12345 PDF:files/1/Some et al. - 2024.pdf:application/pdf;"
                "Full Text:files/2/Some - 2404.12346.pdf:application/pdf}"
            ),
            ["2404.12345", "2404.12346"],
        ),
        ("file = {https://arxiv.org/pdf/2404.12345.pdf}", ["2404.12345"]),
        ("file = {:http\\://evil.com/2404.12345.pdf:PDF}", []),
        ("file = {https://evil.com/2404.12345.pdf}", []),
        ("file = {:papers/10.1234/2404.12345.pdf:PDF}", []),
        ("file = {:9901001.pdf:PDF}, primaryClass = {hep-th}", []),
        ("file = {:12404.12345.pdf:PDF}", []),
        ("bdsk-file-1 = {/home/me/2404.12345.pdf:PDF}", []),
    ],
)
def test_a_paper_is_found_by_the_name_of_its_file(text: str, found: list[str]) -> None:
    assert [reference.paper_id for reference in find_all(text)] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            (
                '"Key","Item Type","DOI","Url","Extra"\n'
                '"AB1","preprint","","http://arxiv.org/abs/2404.12345","arXiv:2404.12345 [cs]\nversion: 1"\n'
                '"AB2","preprint","10.48550/arXiv.2404.12346","","arXiv: 2404.12346 [cs, math]"\n'
                '"AB3","journalArticle","10.1234/2404.12347","","arXiv:hep-th/9901001"\n'
            ),
            ["2404.12345", "2404.12346", "hep-th/9901001"],
        ),
        (
            (
                "Authors,Title,Publication,Volume,Number,Pages,Year,Publisher\n"
                '"Some, One; ",A title,arXiv preprint arXiv:2404.12345,,,,2024,\n'
                '"Some, One; ",Another,"CoRR","abs/2404.12346",,1404--1412,2024,\n'
            ),
            ["2404.12345", "2404.12346"],
        ),
    ],
    ids=["Zotero", "Google Scholar"],
)
def test_the_papers_of_an_exported_table_are_found(text: str, found: list[str]) -> None:
    assert [reference.paper_id for reference in find_all(text)] == found


@pytest.mark.parametrize(
    "text",
    [
        "doi={10.1234/2404.12345}",
        "doi={10.1234/abs/2404.12345}",
        "doi={10.1234/~2404.12345}",
        "url={https://evil.com/~2404.12345}",
        "url={https://evil.com/a~2404.12345}",
        "url={https://evil.com/abs/2404.12345}",
        "url={evil.com/2404.12345.pdf}",
        "pages={2404--2412}, isbn={978-3-16-148410-0}, year={2024}, number={9901001}",
        "volume={abs/9901001}, journal={CoRR}",
    ],
)
def test_numbers_of_other_kinds_in_a_list_are_no_papers(text: str) -> None:
    assert find_all(text) == []


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("id;title\n2404.1234;Cats\n2404.123;Dogs\n2404.1234;Cats", ["2404.1234", "2404.123"]),
        ("0912.345, 0912.3456, 2404.12345", ["0912.345"]),
        ("made 2011.12 for 9813.1234 or 0101.1234 EUR; https://example.org/2404.1234 v2404.1234", []),
    ],
)
def test_an_id_without_its_last_zeros_is_recognised_as_such(text: str, cut: list[str]) -> None:
    assert find_cut(text) == cut


@pytest.mark.parametrize("text", ["abs/1706.03762", "arXiv:~1706.03762", "/home/me/2404.12345.pdf"])
def test_what_only_bibliographies_write_is_not_read_in_a_message(text: str) -> None:
    assert find_first(text) is None


_ENDLESS = 100_000


@pytest.mark.parametrize(
    "text",
    [
        f"https://arxiv.org/{'/' * _ENDLESS}2404.12345%0Ax",
        f"https://arxiv.org/pdf{'/' * _ENDLESS}2404.12345%0Ax",
        f"https://www.google.com/url?q=https://arxiv.org/{'a' * _ENDLESS} x",
        f"https://web.archive.org/web/1/https{'/' * _ENDLESS}&x 2404.123456",
        f"https://a.safelinks.protection.outlook.com/{'?url=https' * (_ENDLESS // 10)} x",
        f"2404.123456{' ' * _ENDLESS}x",
    ],
)
def test_an_endless_text_is_gone_through_once(text: str) -> None:
    """Parted in every way it would take minutes, during which nothing else is served."""
    assert find_first(text) is None
    assert find_all(text) == []
    with pytest.raises(InputError):
        parse(text)


@pytest.mark.parametrize(
    "bibliography",
    [
        f"@article{{a, file = {'{a' * _ENDLESS}",
        f"@article{{a, file = {{{'{a}' * _ENDLESS}",
        f"@article{{a, file = {{{'/ ' * _ENDLESS}2404.123456.pdf x}}",
        f"@article{{a, primaryclass = {' ' * _ENDLESS}= {{math}}, eprint{' ' * _ENDLESS}0309136",
        "@article" * _ENDLESS,
    ],
)
def test_an_endless_bibliography_is_gone_through_once(bibliography: str) -> None:
    """Searched again from each of its braces it would take minutes."""
    assert find_all(bibliography) == []


def test_slashes_before_an_id_may_be_many() -> None:
    assert find_first("https://arxiv.org//pdf//2404.12345") == NEW
