"""The words that charts are given: they have none of their own."""

from pages.frame.language import section_words


def chart_words() -> dict[str, str]:
    """Kinds of nothing, statuses and the words of axes and hover boxes."""
    return {**section_words("state"), **section_words("status"), **section_words("chart")}
