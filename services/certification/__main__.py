from services.certification.service import SERVICE
from shared.process.cli import main

main(SERVICE)
