"""What certification stores."""

from services.certification.catalogue import KnownModule
from services.certification.issued_number import IssuedNumber
from services.certification.partner import Partner
from services.certification.qualification import Qualification
from services.certification.trainer import Trainer

DOCUMENTS = (Trainer, Qualification, IssuedNumber, Partner, KnownModule)
