from bot.taste.preferences import Preferences
from bot.taste.taste import Taste
from storage.model import Preference, PreferenceKind, Subject


def test_what_is_followed_and_muted_is_told_apart_by_its_subject() -> None:
    follow, mute = PreferenceKind.FOLLOW, PreferenceKind.MUTE
    given = (
        (follow, Subject.AUTHOR, "Ada"),
        (follow, Subject.TOPIC, "speech"),
        (follow, Subject.CATEGORY, "cs.CL"),
        (mute, Subject.AUTHOR, "Bob"),
        (mute, Subject.TOPIC, "chess"),
        (mute, Subject.CATEGORY, "cs.CV"),
        (mute, Subject.WORD, "survey"),
    )
    taste = Taste(
        opinions={},
        people=0,
        preferences=tuple(
            Preference(server_id=7, kind=kind, subject=subject, value=value) for kind, subject, value in given
        ),
        papers={},
    )

    assert taste.follows_and_mutes == Preferences(
        followed_authors=("Ada",),
        followed_topics=("speech",),
        followed_categories=("cs.CL",),
        muted_authors=("Bob",),
        muted_topics=("chess",),
        muted_categories=("cs.CV",),
        muted_words=("survey",),
    )
