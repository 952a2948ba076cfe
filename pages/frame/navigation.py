"""The one list of pages.

How to add a page: write its script one folder below ``pages/`` (never directly in it: Streamlit
would show it to strangers), add a line to PAGES with the acts that are done on it, and its title to
``texts.toml`` under ``[title.<key>]``. Menu, links, roles and the tests follow from the line.
"""

from dataclasses import dataclass

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from data_access.scope import ACTS, Scope
from pages.frame.language import words


@dataclass(frozen=True)
class PageEntry:
    """``url_path`` is the page's address below the server's; the first page stands at the server's
    own. ``section`` is the room below ``pages/`` that holds the script; ``acts`` are what is done on it
    (``data_access/scope.py``), the first of which a role must be allowed to come to it; ``in_menu`` is false
    where another link leads to it."""

    key: str
    section: str
    script: str
    url_path: str
    acts: tuple[str, ...] = ("see_figures", "download_figures")
    in_menu: bool = True

    @property
    def act(self) -> str:
        """What opens it."""
        return self.acts[0]

    @property
    def roles(self) -> tuple[str, ...]:
        return self.roles_for(self.act)

    def roles_for(self, act: str) -> tuple[str, ...]:
        """Who may do this here: they must come to the page as well."""
        return tuple(role for role in ACTS[act] if role in ACTS[self.act])

    def is_shown_to(self, scope: Scope | None) -> bool:
        """Whether the menu shows it."""
        return scope is not None and self.in_menu and scope.may(self.act)

    @property
    def title(self) -> str:
        return words(f"title.{self.key}")


PAGES = (
    PageEntry("overview", "progress", "overview.py", ""),
    PageEntry("goal", "progress", "goal.py", "goal"),
    PageEntry("indicator", "progress", "indicator.py", "indicator"),
    PageEntry("regions", "regions", "compare.py", "regions"),
    PageEntry("profile", "regions", "profile.py", "profile"),
    PageEntry("organisations", "network", "organisations.py", "organisations"),
    PageEntry("projects", "network", "projects.py", "projects"),
    PageEntry("present", "live", "present.py", "present", ("see_figures",)),
    PageEntry("about", "about", "method.py", "about", ("see_figures",)),
    PageEntry("intake", "data", "intake.py", "intake", ("load_data", "upload_files", "download_figures")),
    PageEntry("rounds", "data", "rounds.py", "rounds", ("load_data", "download_figures")),
    PageEntry("releases", "data", "releases.py", "releases", ("publish_releases",)),
    PageEntry("identities", "data", "identities.py", "identities", ("decide_identities",)),
    PageEntry("accounts", "data", "accounts.py", "accounts", ("manage_accounts",)),
    PageEntry("own", "data", "own.py", "own", ("end_own_sign_ins", "change_own_password"), in_menu=False),
)


def page_of(key: str) -> StreamlitPage:
    """The page of that key, for ``st.page_link`` and ``st.switch_page``."""
    entry = next(entry for entry in PAGES if entry.key == key)
    return streamlit_page(entry, visible=entry.in_menu)


def streamlit_page(entry: PageEntry, visible: bool) -> StreamlitPage:
    """The page for the menu; its title goes to the browser with each choice, so only where it shows."""
    return st.Page(
        f"pages/{entry.section}/{entry.script}",
        title=entry.title if visible else entry.key,
        url_path=entry.url_path or entry.key,
        default=not entry.url_path,
        visibility="visible" if visible else "hidden",
    )


def choose_page(scope: Scope | None) -> tuple[PageEntry, StreamlitPage]:
    """The page of the reader's address. The same pages are registered for everyone, so that an
    address survives sign-in; the menu shows to those who have signed in what their role may see."""
    pages = [streamlit_page(entry, visible=entry.is_shown_to(scope)) for entry in PAGES]
    chosen = st.navigation(pages, position="top" if scope else "hidden")
    entry = next(entry for entry in PAGES if entry.url_path == chosen.url_path)
    return entry, chosen


def run_page(entry: PageEntry, page: StreamlitPage, scope: Scope) -> None:
    """Draw the page, or say that it is not for this role: a hidden page still has its address."""
    if scope.may(entry.act):
        page.run()
    else:
        st.title(entry.title)
        st.warning(words("frame.not_for_role"))
