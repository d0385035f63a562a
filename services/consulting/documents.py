"""What consulting stores."""

from services.consulting.catalogue import KnownModule
from services.consulting.enterprise_scope import EnterpriseScope
from services.consulting.visit import Visit

DOCUMENTS = (Visit, EnterpriseScope, KnownModule)
