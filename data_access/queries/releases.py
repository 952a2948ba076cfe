"""What stewards are told of releases: what a build did."""

import pandas as pd
from sqlmodel import col, func

from data_access.models import Figure
from data_access.store import columns, frame, reading


def states(release: int) -> pd.DataFrame:
    """state, figures: how many figures of a release are of each state, the most first."""
    figures = func.count().label("figures")
    query = columns(Figure.state, figures).where(Figure.release == release).group_by(col(Figure.state))
    with reading() as session:
        return frame(session, query.order_by(figures.desc(), col(Figure.state)))
