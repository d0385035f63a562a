"""What reporting stores."""

from services.reporting.enterprise_result import EnterpriseResult
from services.reporting.freshness import Standing
from services.reporting.money_result import CostResult, InvoiceResult
from services.reporting.target import Target
from services.reporting.trainer_result import TrainerResult

DOCUMENTS = (Target, EnterpriseResult, TrainerResult, InvoiceResult, CostResult, Standing)
