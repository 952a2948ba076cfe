"""What may be set from outside: where the store lies and how the demonstration signs in."""

import logging
import os
from functools import lru_cache
from logging.handlers import RotatingFileHandler
from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

SAMPLE_DATA = Path(__file__).resolve().parent.parent / "sample_data"
BUILT_IN_SHAPES = SAMPLE_DATA.parent / "static" / "shapes"


def usual_data_folder() -> Path:
    """The reader's own data folder (XDG), outside the repository."""
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "turvaverkko"


class Settings(BaseSettings):
    """Read from the environment: ``TURVAVERKKO_DATA`` (folder for the store, keys and logs),
    ``DATABASE_URL`` (else SQLite in that folder), ``TURVAVERKKO_DEMO_PASSWORD``, ``TURVAVERKKO_HOSTS``
    (names under which browsers know the server, with commas), ``TURVAVERKKO_PRODUCTION`` (1: refuse to
    start unsafely). For the second door, all of these or none: ``TURVAVERKKO_OIDC_PROVIDER`` (the issuer's
    address), ``TURVAVERKKO_OIDC_CLIENT``, ``TURVAVERKKO_OIDC_SECRET``, ``TURVAVERKKO_ADDRESS`` (where
    browsers find this server)."""

    model_config = SettingsConfigDict(env_prefix="TURVAVERKKO_", extra="ignore")

    data_folder: Path = Field(default_factory=usual_data_folder, validation_alias="TURVAVERKKO_DATA")
    database: str | None = Field(default=None, validation_alias="DATABASE_URL")
    demo_password: str | None = None
    hosts: str = "127.0.0.1,localhost,::1"
    production: bool = False
    oidc_provider: str = ""
    oidc_client: str = ""
    oidc_secret: SecretStr = SecretStr("")
    address: str = ""

    @property
    def second_door(self) -> tuple[str, ...]:
        """What is set for the second door; it is open where all four are."""
        named = (self.oidc_provider, self.oidc_client, self.oidc_secret.get_secret_value(), self.address)
        return tuple(filter(None, named))

    @property
    def has_second_door(self) -> bool:
        return len(self.second_door) == 4

    @property
    def host_names(self) -> frozenset[str]:
        return frozenset(name.strip().lower() for name in self.hosts.split(",") if name.strip())

    @property
    def database_url(self) -> str:
        """An SQLAlchemy address; ``postgres://`` and ``postgresql://`` are taken by psycopg 3."""
        if not self.database:
            return f"sqlite:///{self.data_folder.expanduser().resolve() / 'turvaverkko.sqlite3'}"
        scheme, mark, rest = self.database.partition("://")
        return (
            f"postgresql+psycopg://{rest}" if mark and scheme in ("postgres", "postgresql") else self.database
        )


class NoPlace(RuntimeError):
    """There is no place for the store: its folder cannot be made, or its address is none."""


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process; the data folder is made for its owner only, else NoPlace."""
    found = Settings()
    try:
        found.data_folder.expanduser().mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise NoPlace(
            f"TURVAVERKKO_DATA: {found.data_folder} is no folder to write to: {error.strerror}"
        ) from error
    return found


def keep_log() -> None:
    """Write warnings and errors to ``turvaverkko.log`` in the data folder as well, a megabyte at a time."""
    path = settings().data_folder.expanduser() / "turvaverkko.log"
    handler = RotatingFileHandler(path, maxBytes=1_000_000, backupCount=3, encoding="utf-8", delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    handler.setLevel(logging.WARNING)
    logging.getLogger().addHandler(handler)
