"""What certification answers over HTTP."""

from services.certification.routes.certificates import certificates
from services.certification.routes.qualifications import qualifications
from services.certification.routes.trainers import trainers

ROUTES = (trainers, qualifications, certificates)
