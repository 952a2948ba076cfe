"""The headers that every answer carries: what a window may load, run and tell others."""

import base64
import hashlib
import re
from functools import cache
from pathlib import Path

import streamlit as st

from data_access.settings import settings

STREAMLIT_PAGE = Path(st.__file__).parent / "static" / "index.html"
Headers = list[tuple[bytes, bytes]]


@cache
def content_policy() -> str:
    """Nothing from other hosts and no script but the server's files; styles may stand in the page, because
    Streamlit and Plotly make theirs as they draw."""
    inline = re.findall(r"<script>(.*?)</script>", STREAMLIT_PAGE.read_text(encoding="utf-8"), re.S)
    hashes = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in inline]
    rules = {
        "default-src": "'none'",
        "script-src": " ".join(["'self'", *(f"'sha256-{each}'" for each in hashes)]),
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": "'self'",
        "media-src": "'self'",
        "manifest-src": "'self'",
        "worker-src": "'self' blob:",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


@cache
def always() -> dict[bytes, bytes]:
    told = {
        "content-security-policy": content_policy(),
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    }
    if settings().production:
        told["strict-transport-security"] = "max-age=31536000; includeSubDomains"
    return {name.encode(): value.encode() for name, value in told.items()}


def headers_for(path: str, given: Headers) -> Headers:
    """The headers of an answer with ours in the place of any others of their names. A reader's files are
    kept by nobody on the way; no cookie goes over plain http, but to this very machine."""
    ours = always() | ({b"cache-control": b"no-store"} if path.startswith("/media/") else {})
    kept = [(name, value) for name, value in given if name.lower() not in ours]
    return [
        *((name, secured(value) if name.lower() == b"set-cookie" else value) for name, value in kept),
        *ours.items(),
    ]


def secured(cookie: bytes) -> bytes:
    """Streamlit's own cookies do not say so behind a proxy that speaks https."""
    return cookie if b"; secure" in cookie.lower() else cookie + b"; Secure"
