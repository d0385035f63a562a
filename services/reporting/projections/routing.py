"""Which rows an event belongs to. Every event heard is here; whatever is not here is not counted."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from services.reporting.projections.enterprise_result import EnterpriseResult
from services.reporting.projections.model import Projection
from services.reporting.projections.money_result import CostResult, InvoiceResult
from services.reporting.projections.trainer_result import TrainerResult
from shared.contracts.event import Event
from shared.contracts.events.certification import (
    AboutCertificate,
    CertificateExpired,
    CertificateRenewed,
    CertificateRevoked,
    CertificateSuspended,
    SuspensionLifted,
    TrainerCertified,
    TrainerRegistered,
)
from shared.contracts.events.enrollment import (
    AboutCompletion,
    AboutDelivery,
    DeliveryReversed,
    EnterpriseCorrected,
    EnterpriseGraduated,
    EnterpriseGraduationReversed,
    EnterpriseProviderChanged,
    EnterpriseRegistered,
    ModuleCompleted,
    ModuleCompletionReversed,
    TrainingDelivered,
)
from shared.contracts.events.enrollment_outlines import AboutEnterprise
from shared.contracts.events.finance import AboutCost, CostRecorded, CostReversed, InvoiceCredited, InvoiceIssued

PROJECTED: tuple[type[Event], ...] = (
    EnterpriseRegistered,
    EnterpriseCorrected,
    EnterpriseProviderChanged,
    EnterpriseGraduated,
    EnterpriseGraduationReversed,
    TrainingDelivered,
    DeliveryReversed,
    ModuleCompleted,
    ModuleCompletionReversed,
    TrainerRegistered,
    TrainerCertified,
    CertificateRenewed,
    CertificateSuspended,
    SuspensionLifted,
    CertificateRevoked,
    CertificateExpired,
    InvoiceIssued,
    InvoiceCredited,
    CostRecorded,
    CostReversed,
)

DOCUMENTS: tuple[type[Projection], ...] = (EnterpriseResult, TrainerResult, InvoiceResult, CostResult)


def rows_of(event: Event) -> Iterator[tuple[type[Projection], UUID]]:
    match event:
        case AboutEnterprise() | EnterpriseProviderChanged() | AboutCompletion():
            yield EnterpriseResult, event.enterprise_id
        case EnterpriseGraduated() | EnterpriseGraduationReversed():
            yield EnterpriseResult, event.enterprise_id
        case AboutDelivery():
            for entry in event.enterprises:
                yield EnterpriseResult, entry.enterprise_id
        case TrainerRegistered() | AboutCertificate():
            yield TrainerResult, event.trainer_id
        case InvoiceIssued() | InvoiceCredited():
            yield InvoiceResult, event.invoice_id
        case AboutCost():
            yield CostResult, event.cost_id
