"""Pages about imports from spreadsheets: a file to fill in, the upload, how far it has come and what was wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final
from uuid import UUID

from flask import Response
from flask.typing import ResponseReturnValue

from services.enrollment.enterprises.queries import enterprise_names
from services.enrollment.imports import commands
from services.enrollment.imports.kinds import KINDS
from services.enrollment.imports.labels import STATES
from services.enrollment.imports.model import Import
from services.enrollment.imports.queries import made_by, values_of
from services.enrollment.imports.schemas import ImportLine
from services.enrollment.institutions.queries import institution_names
from services.enrollment.people.queries import participant_names
from services.enrollment.roles import NEWEST_FIRST, PROGRAMME, RECORD_READERS, STAFF
from services.enrollment.settings import enrollment_settings
from shared.domain.errors import Forbidden, NotFound
from shared.i18n.language import current_language
from shared.kernel.context import current_principal
from shared.kernel.message import gettext_noop
from shared.tabular.media_types import CSV, XLSX
from shared.web.fields import Body, Choice, Flag
from shared.web.pages.declare import Pages
from shared.web.pages.forms.submitted_form import attached
from shared.web.pages.listing import paginate
from shared.web.pages.rendering import redirect_to, render
from shared.web.schema import Schema

PAGES = Pages("enrollment")
FORM_BYTES: Final = 65_536  # what stands beside the file in its form
UPLOAD: Final = enrollment_settings().import_bytes + FORM_BYTES
PACKED: Final = b"PK\x03\x04"  # how every XLSX file begins


SHOWN: Final = 50  # of what an import made; the lists hold the rest
NAMES_OF: Final[Mapping[str, Callable[[Iterable[UUID]], dict[UUID, str]]]] = {
    "institutions": institution_names,
    "enterprises": enterprise_names,
    "participants": participant_names,
}


class UploadForm(Schema):
    """The kind and the rehearsal stand in the API's address; on the page they are chosen."""

    kind = Choice(*KINDS, required=True)
    dry_run = Flag(load_default=False)


@PAGES.get("/imports", permits=RECORD_READERS, title=gettext_noop("Imports"), nav=("enterprises", 6), rows=ImportLine)
def imports() -> ResponseReturnValue:
    kinds = {"kind": Choice(*KINDS), "state": Choice(*STATES)}
    return render(
        "imports.html",
        found=paginate(Import.objects, sort=NEWEST_FIRST, filters=kinds),
        largest=enrollment_settings().import_bytes,
        most_rows=enrollment_settings().import_rows,
        mine=_importable_kinds() if current_principal().role in STAFF else [],
    )


@PAGES.post("/imports", permits=STAFF, body=UploadForm, personal=True, largest_body=UPLOAD, needed_files=("file",))
def start_import(body: Body) -> ResponseReturnValue:
    kind, content = body["kind"], attached("file")
    if kind not in _importable_kinds():
        raise Forbidden
    media_type = XLSX if content.startswith(PACKED) else CSV
    job = commands.IMPORT[kind](commands.Upload(content, media_type, current_language(), body["dry_run"]))
    return redirect_to("import_progress", import_id=job.id, flash=gettext_noop("The file is taken and worked off."))


@PAGES.get("/imports/<uuid:import_id>", permits=RECORD_READERS, title=gettext_noop("Import"), personal=True)
def import_progress(import_id: UUID) -> ResponseReturnValue:
    job = Import.get(import_id)
    made = [] if job.dry_run else made_by(import_id, SHOWN)
    called = NAMES_OF[job.kind](made)
    checked = job.dry_run and job.state == "done" and job.made > 0 and job.kept_since is not None
    return render(
        "import.html",
        job=job,
        values=values_of(job),
        made=sorted(((row_id, called[row_id]) for row_id in made), key=lambda pair: pair[1].casefold()),
        registers=checked and current_principal().role in STAFF,
    )


@PAGES.post("/imports/<uuid:import_id>/registration", permits=STAFF, shows="import_progress", personal=True)
def register_checked_import(import_id: UUID) -> ResponseReturnValue:
    job = commands.register_checked_import(import_id)
    return redirect_to("import_progress", import_id=job.id, flash=gettext_noop("The rows are being registered."))


@PAGES.get("/imports/templates/<kind>.<form>", permits=STAFF)
def import_file(kind: str, form: str) -> ResponseReturnValue:
    """Return the file to fill in, with its headings in the visitor's language."""
    if kind not in _importable_kinds() or form not in ("csv", "xlsx"):
        raise NotFound("Template", kind)
    # templates are rare and the writer of workbooks is large
    from services.enrollment.imports.template import template_csv, template_xlsx

    make, media_type = (template_csv, "text/csv; charset=utf-8") if form == "csv" else (template_xlsx, XLSX)
    response = Response(make(KINDS[kind], current_language()), content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="score-{kind}.{form}"'
    return response


def _importable_kinds() -> list[str]:
    """Return the kinds that the visitor may import: institutions are the programme's."""
    return [kind for kind in KINDS if kind != "institutions" or current_principal().role in PROGRAMME]
