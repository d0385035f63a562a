"""What enrollment stores."""

from services.enrollment.authorisation import Authorisation
from services.enrollment.baseline import Baseline
from services.enrollment.commitment_letter import CommitmentLetter
from services.enrollment.enterprise import Enterprise
from services.enrollment.entitlement import Entitlement
from services.enrollment.evaluation import Evaluation, UsedLink
from services.enrollment.imported_row import ImportedRow
from services.enrollment.institution import Institution
from services.enrollment.journey import Journey
from services.enrollment.module_version import ModuleVersion
from services.enrollment.participant import Participant
from services.enrollment.privacy_request import PrivacyRequest
from services.enrollment.sign_up_claim import SignUpClaim
from services.enrollment.spreadsheet_import import Import, ImportFile
from services.enrollment.training import Training

DOCUMENTS = (
    ImportedRow,
    Import,
    ImportFile,
    PrivacyRequest,
    Participant,
    Institution,
    ModuleVersion,
    Enterprise,
    CommitmentLetter,
    SignUpClaim,
    Training,
    Journey,
    Entitlement,
    Authorisation,
    Evaluation,
    UsedLink,
    Baseline,
)
