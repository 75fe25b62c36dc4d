"""The schemas of what is asked, with and without their bounds."""

from bot.llm.schemas import list_of, object_of, text_of, without_bounds


def test_bounds_go_at_every_depth_and_nothing_else_does() -> None:
    rows = list_of(object_of({"name": text_of(9), "note": text_of(9, or_nothing=True)}), "Rows.", at_most=3)

    unbounded = without_bounds(object_of({"rows": rows, "title": text_of(9, "A title.")}))

    row = object_of({"name": {"type": "string"}, "note": {"type": ["string", "null"]}})
    assert unbounded == object_of(
        {
            "rows": {"type": "array", "items": row, "description": "Rows."},
            "title": {"type": "string", "description": "A title."},
        }
    )
