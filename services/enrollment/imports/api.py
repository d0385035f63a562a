"""Imports from spreadsheets over HTTP: a file to fill in, the upload, how far it has come."""

from __future__ import annotations

from uuid import UUID

from flask import Response, request

from services.enrollment.imports import commands
from services.enrollment.imports.kinds import KINDS
from services.enrollment.imports.model import Import
from services.enrollment.imports.schemas import ImportLine, ImportTemplateQuery, ImportView, StartImport
from services.enrollment.roles import PROGRAMME, RECORD_READERS, STAFF
from services.enrollment.settings import enrollment_settings
from shared.i18n.language import language_of_caller
from shared.storage.row_scope import ScopedQuerySet
from shared.tabular.media_types import CSV, XLSX
from shared.web.api.json_body import received
from shared.web.api.routes import Routes
from shared.web.fields import Body
from shared.web.lists.listing import ListQuery

imports = Routes("imports", description="Institutions, enterprises and people from spreadsheets")
TEMPLATES = (XLSX, CSV)
LARGEST = enrollment_settings().import_bytes


@imports.post(
    "/v1/imports/institutions", permits=PROGRAMME, query=StartImport, returns=ImportView, created=True,
    location="/v1/imports/{id}", consumes=(XLSX, CSV), largest_body=LARGEST, personal=True,
)  # fmt: skip
def import_institutions(query: Body) -> Import:
    """Take an upload of institutions. Its first rows are judged at once; ask for the import to see how far the rest has come."""
    return commands.import_institutions(_received_upload(**query))


@imports.post(
    "/v1/imports/enterprises", permits=STAFF, query=StartImport, returns=ImportView, created=True,
    location="/v1/imports/{id}", consumes=(XLSX, CSV), largest_body=LARGEST, personal=True,
)  # fmt: skip
def import_enterprises(query: Body) -> Import:
    """Take an upload of enterprises, as for institutions; `provider_id` is a column only the programme needs."""
    return commands.import_enterprises(_received_upload(**query))


@imports.post(
    "/v1/imports/participants", permits=STAFF, query=StartImport, returns=ImportView, created=True,
    location="/v1/imports/{id}", consumes=(XLSX, CSV), largest_body=LARGEST, personal=True,
)  # fmt: skip
def import_participants(query: Body) -> Import:
    """Take an upload of participants, as for institutions; a person's enterprise is named by its id or its NIB."""
    return commands.import_participants(_received_upload(**query))


@imports.list(
    "/v1/imports",
    permits=RECORD_READERS,
    returns=ImportLine,
    filters=("kind", "state", "dry_run"),
    sort=("created_at",),
)
def list_imports(query: ListQuery) -> ScopedQuerySet:
    del query
    return Import.objects


@imports.get("/v1/imports/<uuid:import_id>", permits=RECORD_READERS, returns=ImportView)
def show_import(import_id: UUID) -> Import:
    return Import.get(import_id)


@imports.post(
    "/v1/imports/<uuid:import_id>/registration", permits=STAFF, returns=ImportView, created=True,
    location="/v1/imports/{id}", personal=True,
)  # fmt: skip
def register_checked_import(import_id: UUID) -> Import:
    """Register the rows of a file that was checked by a dry run and is still kept. Asked again it answers the same import."""
    return commands.register_checked_import(import_id)


@imports.get("/v1/imports/institutions/template", permits=PROGRAMME, query=ImportTemplateQuery, produces=TEMPLATES)
def show_institutions_template(query: Body) -> Response:
    """Return the file to fill in, as XLSX or CSV, in the caller's language."""
    return _template("institutions", query["format"])


@imports.get("/v1/imports/enterprises/template", permits=STAFF, query=ImportTemplateQuery, produces=TEMPLATES)
def show_enterprises_template(query: Body) -> Response:
    return _template("enterprises", query["format"])


@imports.get("/v1/imports/participants/template", permits=STAFF, query=ImportTemplateQuery, produces=TEMPLATES)
def show_participants_template(query: Body) -> Response:
    return _template("participants", query["format"])


def _received_upload(*, dry_run: bool) -> commands.Upload:
    return commands.Upload(received(request), request.mimetype, language_of_caller(), dry_run)


def _template(kind: str, form: str) -> Response:
    # templates are rare and the writer of workbooks is large
    from services.enrollment.imports.template import template_csv, template_xlsx

    make, media_type = (template_csv, "text/csv; charset=utf-8") if form == "csv" else (template_xlsx, XLSX)
    response = Response(make(KINDS[kind], language_of_caller()), content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="score-{kind}.{form}"'
    return response
