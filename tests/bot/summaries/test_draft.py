from hypothesis import given
from hypothesis import strategies as st

from bot.summaries.draft import FIELD_CHARACTERS, Draft, draft_from


def test_a_reply_of_the_wrong_shape_is_an_empty_draft() -> None:
    data = {
        "gist": 3,
        "method": "one",
        "results": [7, {"metric": "F1", "value": 81.2, "page": True}],
        "critique": [None],
    }

    draft = draft_from(data)

    assert draft.gist == ""
    assert draft.method == ("one",)
    assert draft.results[0].value == "81.2"
    assert draft.results[0].page is None
    assert draft.critique == ()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)


@given(
    st.dictionaries(
        st.sampled_from(["gist", "claim", "method", "results", "critique", "implications"]),
        JSON | st.lists(st.dictionaries(st.sampled_from(["metric", "value", "quote", "page"]), JSON)),
    )
)
def test_no_reply_raises(data: dict[str, object]) -> None:
    draft = draft_from(data)

    assert isinstance(draft, Draft)
    assert all(len(result.metric) <= FIELD_CHARACTERS for result in draft.results)
