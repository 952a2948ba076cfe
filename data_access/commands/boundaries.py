"""``python -m data_access boundaries …``"""

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from data_access.commands.output import Format, one_of, operator, stop, tell, write

if TYPE_CHECKING:
    from data_access.boundaries.sets import Prepared


def boundaries(
    file: Annotated[
        Path | None, typer.Argument(help="GeoJSON in EPSG:4326 or EPSG:3067.", exists=True, dir_okay=False)
    ] = None,
    scheme: Annotated[str | None, typer.Option(help="The division whose areas the file has.")] = None,
    source: Annotated[str, typer.Option(help="Source in Finnish (or in every language): the footnote.")] = "",
    source_sv: Annotated[str, typer.Option(help="The same in Swedish.")] = "",
    source_en: Annotated[str, typer.Option(help="The same in English.")] = "",
    dated: Annotated[
        datetime | None,
        typer.Option("--date", formats=["%Y-%m-%d"], help="The day that the boundaries are of."),
    ] = None,
    licence: Annotated[str | None, typer.Option(help="Such as CC BY 4.0.")] = None,
    listed: Annotated[bool, typer.Option("--list", help="Which boundaries are in force.")] = False,
    dropped: Annotated[
        str | None, typer.Option("--drop", metavar="SCHEME", help="Go back to the built-in ones.")
    ] = None,
    format: Annotated[Format, typer.Option(help="How --list writes its rows.")] = Format.table,
) -> None:
    """Put the boundaries of a GeoJSON file on the maps of one division, with their source.

    One property must hold the codes of all areas, ours (mk01, hva01) or official ones (01), on areas or on
    municipalities. Rings are repaired and borders generalised; a file that does not fit is refused whole."""
    from data_access.queries import boundaries as boundary_queries
    from data_access.queries import reference as reference_queries

    if [file is not None, listed, dropped is not None].count(True) != 1 or (file and not scheme):
        raise stop("Say which: boundaries FILE --scheme SCHEME --source TEXT, --list, or --drop SCHEME.", 2)
    if listed:
        rows = boundary_queries.in_force(operator(), "fi").drop(columns="scheme_name")
        rows = rows.assign(areas=rows["areas"].map(len), source=rows["source"].fillna("built in"))
        write(rows, format)
        return
    code = one_of(scheme or dropped or "", reference_queries.schemes(operator(), "fi")["code"], "scheme")
    if file is None:
        drop(code)
        return
    said = {"fi": source, "sv": source_sv or source, "en": source_en or source}
    tell_of(code, load(file, code, said, dated.date() if dated else None, licence), file)


def load(
    file: Path, scheme: str, source: dict[str, str], dated: date | None, licence: str | None
) -> "Prepared":
    from rich.console import Console

    from data_access.boundaries import BadBoundaries, sets
    from data_access.store import writing

    try:
        with Console(stderr=True).status(f"preparing the shapes of {file.name}"):
            prepared = sets.prepare(file.read_bytes(), scheme)
        with writing() as session:
            sets.load(
                session, prepared, scheme, source=source, dated=dated, licence=licence, actor=operator()
            )
    except BadBoundaries as error:
        raise stop(f"Not loaded: {error}.") from error
    return prepared


def tell_of(scheme: str, prepared: "Prepared", file: Path) -> None:
    """What was done with the file, and what is amiss in it."""
    drawing = prepared.drawing
    print(
        f"The boundaries of {scheme} are those of {file.name}: {len(drawing.areas)} shapes from "
        f"{prepared.features} features (EPSG:{prepared.system}, codes in {prepared.property!r}), "
        f"generalised to {drawing.detail} m, {len(drawing.text) / 1000:.0f} kB, hash {prepared.hash}."
    )
    for warning in drawing.warnings:
        tell(f"Note: {warning}.", "yellow")


def drop(scheme: str) -> None:
    from data_access.boundaries import BadBoundaries, sets
    from data_access.store import writing

    try:
        with writing() as session:
            sets.drop(session, scheme, actor=operator())
    except BadBoundaries as error:
        raise stop(f"Nothing to drop: {error}.") from error
    print(f"The boundaries of {scheme} are the built-in ones again.")
