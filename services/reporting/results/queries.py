"""The figures as the caller may see them. They are the whole programme's for everybody; only the detail differs."""

from __future__ import annotations

from services.reporting.freshness.queries import lag_seconds, standing
from services.reporting.projections.enterprise_result import EnterpriseResult
from services.reporting.projections.model import GROUP
from services.reporting.projections.money_result import CostResult, InvoiceResult
from services.reporting.projections.queries import rows_in
from services.reporting.projections.trainer_result import TrainerResult
from services.reporting.results.figures import Results, Terms, figures_of
from services.reporting.results.metrics import Rows
from services.reporting.settings import reporting_settings
from services.reporting.targets.model import Target
from shared.kernel import clock
from shared.kernel.context import current_principal, unscoped
from shared.kernel.principal import Principal
from shared.messaging.projections.generations import read_consistent
from shared.reference.zones import WIB


def results() -> Results:
    config = reporting_settings()
    terms = terms_for(current_principal(), smallest=config.smallest_cell)
    with unscoped("figures are the whole programme's for everybody; what a reader may not see is left out of them"):
        rows = read_consistent(GROUP, rows_of)
        targets = {target.code: target for target in Target.objects}
        caught_up_at = standing().caught_up_at
    return Results(
        as_of=max((row.recorded_at for row in rows.all()), default=None),
        lag_seconds=lag_seconds(caught_up_at, config.fresh_seconds),
        figures=figures_of(rows, targets, terms),
    )


def rows_of(generation: int) -> Rows:
    return Rows(
        enterprises=rows_in(EnterpriseResult, generation),
        trainers=rows_in(TrainerResult, generation),
        invoices=rows_in(InvoiceResult, generation),
        costs=rows_in(CostResult, generation),
    )


def terms_for(viewer: Principal, *, smallest: int) -> Terms:
    """Return the terms: small cells for those who may see the rows; rupiah for those who answer for the programme's money."""
    sees_rows = viewer.role in ("programme", "auditor")
    sees_amounts = sees_rows or viewer.role == "donor" or (viewer.role == "finance" and viewer.institution is None)
    return Terms(
        today=clock.today(WIB),
        since=reporting_settings().counts_from,
        smallest=None if sees_rows else smallest,
        amounts=sees_amounts,
    )
