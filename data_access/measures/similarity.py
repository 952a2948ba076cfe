"""How alike areas are, by a declared distance over declared figures."""

import numpy as np
import pandas as pd

DIGITS = 9


def standardised(values: pd.DataFrame) -> pd.DataFrame:
    """Each column (a figure) over its rows (areas) as deviations from its mean, in its standard
    deviations. Nothing stays nothing; a figure that is the same everywhere is 0."""
    deviations = values - values.mean()
    spread = values.std(ddof=0)
    return deviations / spread.where(spread > 0, 1.0)


def distances(values: pd.DataFrame, area: str) -> pd.DataFrame:
    """How far each area is from ``area``, which is one of the rows: ``distance``, the root mean square of
    the differences of standardised values over the figures that both have; ``compared``, how many those
    are; and a column per figure, the difference (of the other area from ``area``, in standard deviations).

    ``values``: a row per area, a column per figure. The distance is symmetric and has no unit, so that it
    does not matter in which unit a figure is; it is empty where two areas have no figure in common.
    Source: standardised Euclidean distance divided by the root of the number of figures, as in
    Mardia, Kent & Bibby 1979, *Multivariate Analysis*, 13.4."""
    scaled = standardised(values.astype("float64"))
    difference = scaled - scaled.loc[area]
    distance = np.sqrt((difference**2).mean(axis=1)).round(DIGITS)
    return difference.assign(distance=distance, compared=difference.notna().sum(axis=1))
