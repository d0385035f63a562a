"""What enrollment answers over HTTP."""

from services.enrollment.routes.enterprises import enterprises
from services.enrollment.routes.institutions import institutions
from services.enrollment.routes.journeys import journeys
from services.enrollment.routes.modules import modules
from services.enrollment.routes.trainings import trainings

ROUTES = (institutions, modules, enterprises, trainings, journeys)
