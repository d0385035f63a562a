"""What enrollment stores."""

from services.enrollment.baseline import Baseline
from services.enrollment.enterprise import Enterprise
from services.enrollment.entitlement import Entitlement
from services.enrollment.institution import Institution
from services.enrollment.journey import Journey
from services.enrollment.module_version import ModuleVersion
from services.enrollment.training import Training

DOCUMENTS = (Institution, ModuleVersion, Enterprise, Training, Journey, Entitlement, Baseline)
