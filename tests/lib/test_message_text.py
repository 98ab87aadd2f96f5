"""Message texts."""

from renrakucho.lib.message_text import did_you_mean


def test_a_name_is_suggested_from_a_similarity_of_seven_tenths_on() -> None:
    assert did_you_mean("abcdefgxyz", ["abcdefgqrs"]) == "did you mean 'abcdefgqrs'?"
    assert did_you_mean("abcdefghixyzw", ["abcdefghiqrst"]) == "there are abcdefghiqrst"


def test_the_most_similar_name_is_suggested() -> None:
    assert did_you_mean("lenght", ["label", "length", "longest"]) == "did you mean 'length'?"
    assert did_you_mean("lenght", ["length", "lengths"]) == "did you mean 'length'?"
