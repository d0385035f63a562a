"""Imports from spreadsheets over HTTP: a file to fill in, the upload, how far it has come."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, request

from services.enrollment import commands
from services.enrollment.import_kinds import KINDS
from services.enrollment.import_template import template_csv, template_xlsx
from services.enrollment.schemas import ImportLine, ImportTemplateQuery, ImportView, StartImport
from services.enrollment.settings import enrollment_settings
from services.enrollment.spreadsheet_import import Import
from shared.errors import NotFound
from shared.web.answer import XLSX
from shared.web.bodies import received
from shared.web.listing import ListQuery
from shared.web.problems import language_of_caller
from shared.web.routes import Routes
from shared.web.sheets import CSV

imports = Routes("imports", description="Institutions, enterprises and people from spreadsheets")
STAFF = ("programme", "provider")
READERS = (*STAFF, "auditor")


@imports.post(
    "/v1/imports/<string:kind>", permits=STAFF, query=StartImport, returns=ImportView, created=True,
    location="/v1/imports/{id}", consumes=(XLSX, CSV), largest_body=enrollment_settings().import_bytes, personal=True,
)  # fmt: skip
def start_import(kind: str, query: dict[str, Any]) -> Import:
    """Take an upload. Its first rows are judged at once; ask for the import to see how far the rest has come."""
    return commands.start_import(
        kind, data=received(request), media_type=request.mimetype, language=language_of_caller(), **query
    )


@imports.list(
    "/v1/imports", permits=READERS, returns=ImportLine, filters=("kind", "state", "dry_run"), sort=("created_at",)
)
def list_imports(query: ListQuery) -> Any:
    del query
    return Import.objects


@imports.get("/v1/imports/<uuid:import_id>", permits=READERS, returns=ImportView)
def show_import(import_id: UUID) -> Import:
    return Import.get(import_id)


@imports.get(
    "/v1/import-templates/<string:kind>", permits=STAFF, query=ImportTemplateQuery, produces="application/octet-stream"
)
def show_import_template(kind: str, query: dict[str, Any]) -> Response:
    """The file to fill in, as XLSX or CSV, in the caller's language."""
    if kind not in KINDS:
        raise NotFound("ImportKind", kind)
    make, media_type = (template_csv, "text/csv; charset=utf-8") if query["format"] == "csv" else (template_xlsx, XLSX)
    response = Response(make(KINDS[kind], language_of_caller()), content_type=media_type)
    name = f"score-{kind}.{query['format']}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
