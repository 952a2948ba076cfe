"""The open data that is configured."""

import pandas as pd
from sqlmodel import col

from data_access.models import OpenDataSource
from data_access.scope import Scope
from data_access.store import columns, frame, reading


def sources(scope: Scope) -> pd.DataFrame:
    """code, kind, address, indicator, choices, title, publisher, licence, configured_at (UTC),
    configured_by; by code."""
    scope.must("load_data")
    query = columns(*OpenDataSource.__table__.columns).order_by(col(OpenDataSource.code))
    with reading() as session:
        return frame(session, query)
