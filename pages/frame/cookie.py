"""The cookie of a sign-in: set by the server, out of reach of scripts, and only for this very server.

``__Host-``: browsers take it over https, or from this machine, and send it to this server alone.
"""

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.routing import Route

from data_access import sign_ins

NAME = "__Host-turvaverkko"
LONGEST = 200


def routes() -> list[Route]:
    return [
        Route("/sign-in", fetch, methods=["POST"]),
        Route("/signed-in", look, methods=["POST"]),
        Route("/sign-out", leave, methods=["POST"]),
    ]


async def fetch(request: Request) -> Response:
    """A one-time code in the body for a cookie; 403 where the code opens nothing (any more)."""
    code = (await request.body()).decode("ascii", "replace")
    answer = Response(status_code=204)
    if await put(answer, code):
        return answer
    return Response(status_code=403)


async def look(request: Request) -> Response:
    """Whether the browser has kept the cookie: 204, or 401."""
    found = await run_in_threadpool(sign_ins.reader, hash_in(request))
    return Response(status_code=204 if found else 401)


async def leave(request: Request) -> Response:
    """End the sign-in of this browser, and take its cookie away."""
    found = await run_in_threadpool(sign_ins.reader, hash_in(request))
    if found:
        await run_in_threadpool(lambda: sign_ins.end_own(found.sign_in, "signed_out", actor=found))
    answer = Response(status_code=204)
    take_away(answer)
    return answer


async def take_away_ended(request: Request, answer: Response) -> None:
    """A page that is loaded anew takes a cookie away that opens nothing (any more): its reader may have left
    faster than ``leave`` was asked, or been shown out."""
    if NAME in request.cookies and await run_in_threadpool(sign_ins.reader, hash_in(request)) is None:
        take_away(answer)


def take_away(answer: Response) -> None:
    answer.delete_cookie(NAME, path="/", secure=True, httponly=True, samesite="strict")


async def put(answer: Response, code: str) -> bool:
    """Set the cookie that a one-time code opens; gives whether it opened one."""
    fetched = await run_in_threadpool(sign_ins.fetch, code)
    if fetched is None:
        return False
    answer.set_cookie(NAME, fetched, path="/", secure=True, httponly=True, samesite="strict")
    return True


def hash_in(connection: HTTPConnection) -> str | None:
    """The hash of the token in a request's cookie, whether or not it opens anything."""
    token = connection.cookies.get(NAME, "")
    return sign_ins.hashed(token) if 0 < len(token) <= LONGEST else None
