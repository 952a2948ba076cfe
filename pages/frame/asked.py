"""What a request tells of its reader before Streamlit knows them."""

from starlette.datastructures import QueryParams
from starlette.requests import Request

from pages.frame.texts import LANGUAGES


def asked_language(request: Request, link: QueryParams | None = None) -> str:
    """The language of the link (the request's own, where no other is given), else the browser's first, else
    Finnish."""
    asked = (link or request.query_params).get("lang")
    if asked in LANGUAGES:
        return asked
    first = request.headers.get("accept-language", "")[:2].lower()
    return first if first in LANGUAGES else "fi"
