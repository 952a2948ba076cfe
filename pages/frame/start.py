"""What is looked at before the server takes anybody in: an unsafe start in production is refused."""

import logging
import os
import resource

import streamlit as st

from data_access import accounts, keys
from data_access.settings import settings
from pages.frame.limits import Limits

LOG = logging.getLogger("turvaverkko")
WANTED = {
    "server.enableXsrfProtection": True,
    "server.enableCORS": True,
    "server.enableAgentApi": False,
    "server.scriptHealthCheckEnabled": False,
    "server.maxMessageSize": 5,
    "server.trustedUserHeaders": {"X-Turvaverkko-Sign-In": "sign_in"},
    "global.developmentMode": False,
    "client.showErrorDetails": "none",
}
LOCAL = {"127.0.0.1", "localhost", "::1"}


class UnsafeStart(RuntimeError):
    """The server may not start like this; the text says why, a line for each reason."""


def check() -> None:
    """Raise UnsafeStart where ``TURVAVERKKO_PRODUCTION`` is 1 and something is unsafe; else log it."""
    raise_descriptors()
    found = [*wrong_options(), *wrong_keys(), *wrong_second_door()]
    if settings().production:
        found += unsafe_in_production()
    if found and settings().production:
        raise UnsafeStart("Turvaverkko does not start in production:\n- " + "\n- ".join(found))
    for each in found:
        LOG.warning("unsafe: %s", each)
    if not settings().production:
        LOG.warning("a demonstration: TURVAVERKKO_PRODUCTION=1 starts the server for real use")


def wrong_options() -> list[str]:
    """Options of Streamlit that somebody has set to what is unsafe."""
    return [
        f"the option {name} is {st.get_option(name)!r}, it must be {wanted!r}"
        for name, wanted in WANTED.items()
        if st.get_option(name) != wanted
    ]


def wrong_keys() -> list[str]:
    try:
        keys.installation_key()
    except (OSError, ValueError) as error:
        return [str(error)]
    return []


def wrong_second_door() -> list[str]:
    if settings().second_door and not settings().has_second_door:
        return ["TURVAVERKKO_OIDC_PROVIDER, _CLIENT, _SECRET and TURVAVERKKO_ADDRESS belong together"]
    return []


def unsafe_in_production() -> list[str]:
    found = []
    if not settings().host_names - LOCAL:
        found.append("TURVAVERKKO_HOSTS names no host: say under which names browsers know the server")
    proxies = os.environ.get("FORWARDED_ALLOW_IPS", "")
    if not st.get_option("server.sslCertFile") and (not proxies or "*" in proxies):
        found.append(
            "no https: set server.sslCertFile, or FORWARDED_ALLOW_IPS to the proxy that speaks https"
        )
    addresses = filter(None, (settings().oidc_provider, settings().address))
    if plain := [address for address in addresses if not address.startswith("https://")]:
        found.append(f"the second door goes over plain http: {', '.join(plain)}")
    if names := accounts.demonstration_names():
        found.append(f"demonstration accounts can sign in: account disable {' '.join(names)}")
    if descriptors() < descriptors_needed():
        found.append(f"{descriptors():.0f} file descriptors, {descriptors_needed()} are needed: ulimit -n")
    return found


def descriptors() -> float:
    soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return float("inf") if soft == resource.RLIM_INFINITY else soft


def descriptors_needed() -> int:
    """Streamlit takes four for each session."""
    return 4 * (Limits.readers + Limits.strangers) + 64


def raise_descriptors() -> None:
    """Take as many file descriptors as are needed, where this process may."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    wanted = descriptors_needed() if hard == resource.RLIM_INFINITY else min(hard, descriptors_needed())
    if descriptors() < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
