from services.finance.service import SERVICE
from shared.runtime.cli import main

main(SERVICE)
