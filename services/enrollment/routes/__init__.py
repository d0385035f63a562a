"""What enrollment answers over HTTP."""

from services.enrollment.routes.enterprises import enterprises
from services.enrollment.routes.evaluations import evaluations
from services.enrollment.routes.imports import imports
from services.enrollment.routes.institutions import institutions
from services.enrollment.routes.journeys import journeys
from services.enrollment.routes.modules import modules
from services.enrollment.routes.participants import participants
from services.enrollment.routes.privacy import privacy
from services.enrollment.routes.trainings import trainings

ROUTES = (imports, privacy, participants, institutions, modules, enterprises, trainings, journeys, evaluations)
