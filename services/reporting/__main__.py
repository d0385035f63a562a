from services.reporting.service import SERVICE
from shared.runtime.cli import main

main(SERVICE)
