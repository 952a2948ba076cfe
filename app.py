"""Turvaverkko: the server reads this file once as a module, then runs it for its readers."""

import streamlit as st

from pages.frame import guard, language, look, memory, navigation, second_door, server, sign_in

if __name__ != "__main__":
    app = st.App(
        __file__,
        secrets=second_door.secrets(),
        routes=server.routes(),
        middleware=guard.middleware(),
        lifespan=server.life,
        on_script_error=server.say_that_it_failed,
    )
else:
    language.choose_language()
    look.prepare_window()
    scope = sign_in.recognised()
    entry, page = navigation.choose_page(scope)
    look.dress(entry, scope)

    if scope is None:
        sign_in.ask()
    navigation.run_page(entry, page, scope)

    memory.settle()
