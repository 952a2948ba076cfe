"""A page without Streamlit: for passwords, and for what is said before anybody is in."""

from html import escape

from starlette.responses import HTMLResponse

from pages.frame.texts import text


def plain_page(language: str, title: str, content: str, status: int = 200) -> HTMLResponse:
    """``content`` is markup, in which what others wrote is escaped."""
    name, title = escape(text("frame.name", language)), escape(title)
    return HTMLResponse(
        f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{title} – {name}</title><link rel="icon" href="/favicon.png">'
        '<link rel="stylesheet" href="/welcome.css"><script src="/welcome.js" defer></script></head>'
        f'<body><main><p class="brand">{name}</p><h1>{title}</h1>{content}</main></body></html>',
        status_code=status,
        headers={"Cache-Control": "no-store"},
    )
