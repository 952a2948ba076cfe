"""Where a password is chosen: with the one-time code of an invitation, or by a reader who knows the old one.

Plain forms without Streamlit, so that no password goes through a page's state. The code comes behind ``#``,
which browsers tell no server; the form's script moves it into its field and out of the address.
"""

from functools import partial
from html import escape
from pathlib import Path
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from data_access import credentials, passwords, sign_ins
from pages.frame import cookie
from pages.frame.asked import asked_language
from pages.frame.plain import plain_page
from pages.frame.texts import text

FOLDER = Path(__file__).parent
FIELDS = {
    "welcome": (
        ("code", "text", "off"),
        ("new", "password", "new-password"),
        ("again", "password", "new-password"),
    ),
    "password": (
        ("old", "password", "current-password"),
        ("new", "password", "new-password"),
        ("again", "password", "new-password"),
    ),
}


def routes() -> list[Route]:
    return [
        Route("/welcome", show, methods=["GET"]),
        Route("/password", show, methods=["GET"]),
        Route("/welcome", welcome, methods=["POST"]),
        Route("/password", password, methods=["POST"]),
        Route("/welcome.js", partial(file, name="welcome.js", media_type="text/javascript")),
        Route("/welcome.css", partial(file, name="welcome.css", media_type="text/css")),
    ]


async def file(_request: Request, name: str, media_type: str) -> Response:
    return Response(FOLDER.joinpath(name).read_text(encoding="utf-8"), media_type=media_type)


async def show(request: Request) -> Response:
    form = request.url.path.strip("/")
    if form == "password" and await run_in_threadpool(sign_ins.reader, cookie.hash_in(request)) is None:
        return RedirectResponse("/", 303)
    return page(request, form)


async def welcome(request: Request) -> Response:
    """A code and a new password: the reader is in, or hears what is wrong."""
    given = await fields(request)
    choose = partial(credentials.choose_password, given["code"], given["new"], browser_of(request))
    return await change(request, "welcome", given, choose, "choose.void")


async def password(request: Request) -> Response:
    """The old password and a new one, of whoever is signed in in this browser."""
    scope = await run_in_threadpool(sign_ins.reader, cookie.hash_in(request))
    if scope is None:
        return RedirectResponse("/", 303)
    if scope.demonstration:
        return page(request, "password", "choose.demonstration")
    given = await fields(request)
    address = request.client.host if request.client else None
    asked = (given["old"], given["new"], address, browser_of(request))
    choose = partial(credentials.change_own_password, *asked, actor=scope)
    return await change(request, "password", given, choose, "choose.wrong")


async def change(
    request: Request, form: str, given: dict[str, str], choose: partial, refused: str
) -> Response:
    if given["new"] != given["again"]:
        return page(request, form, "choose.different", given["code"])
    try:
        code = await run_in_threadpool(choose)
    except passwords.PasswordError as error:
        return page(request, form, f"password_problem.{error.why}", given["code"])
    answer = RedirectResponse(f"/?lang={asked_language(request)}", 303)
    if code is None or not await cookie.put(answer, code):
        return page(request, form, refused)
    return answer


async def fields(request: Request) -> dict[str, str]:
    given = parse_qs((await request.body()).decode("utf-8", "replace"), max_num_fields=10)
    return {name: given.get(name, [""])[0] for name in ("code", "old", "new", "again")}


def browser_of(request: Request) -> str:
    return request.headers.get("user-agent", "")


def page(request: Request, form: str, problem: str | None = None, code: str = "") -> Response:
    language = asked_language(request)

    def words(key: str, **values: int) -> str:
        return escape(text(key, language).format(**values))

    def field(name: str, kind: str, completed: str) -> str:
        value = f' value="{escape(code)}"' if name == "code" else ""
        made = f'<input name="{name}" type="{kind}" autocomplete="{completed}" required{value}>'
        return f"<label>{words(f'choose.{name}')}{made}</label>"

    rule, told = words("choose.rule", least=passwords.SHORTEST), ""
    if problem:
        why = words(problem, least=passwords.SHORTEST, most=passwords.LONGEST)
        told = f'<p class="problem" role="alert">{why}</p>'
    content = (
        f'<p>{rule}</p>{told}<form method="post" action="/{form}?lang={language}">'
        f"{''.join(field(*each) for each in FIELDS[form])}<button>{words('choose.button')}</button></form>"
    )
    return plain_page(language, text(f"choose.{form}", language), content, 400 if problem else 200)
