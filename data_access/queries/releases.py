"""What stewards are told of releases: the working one too, what a build did, what publishing would change."""

import pandas as pd
from sqlmodel import col, func

from data_access.models import Figure
from data_access.queries.changes import told
from data_access.queries.figures import listed
from data_access.scope import Scope
from data_access.store import columns, frame, reading


def all_releases(scope: Scope, language: str) -> pd.DataFrame:
    """Every release, the working one and those under embargo too, newest first: the columns of
    ``figures.listed``."""
    scope.must("publish_releases")
    with reading() as session:
        return listed(session, language, whole=True)


def states(scope: Scope, release: int) -> pd.DataFrame:
    """state, figures: how many figures of a release are of each state, the most first."""
    scope.must("publish_releases")
    figures = func.count().label("figures")
    query = columns(Figure.state, figures).where(Figure.release == release).group_by(col(Figure.state))
    with reading() as session:
        return frame(session, query.order_by(figures.desc(), col(Figure.state)))


def changes_ahead(scope: Scope, before: int, now: int, scheme: str) -> pd.DataFrame:
    """What publishing a release would change: the columns of ``changes.changes``, of one ``scheme``, as the
    scope's audience will get them. Raises KeyError and ValueError as that does."""
    scope.must("publish_releases")
    with reading() as session:
        return told(session, scope.audience, before, now, scheme, ahead=True)
