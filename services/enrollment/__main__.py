from services.enrollment.service import SERVICE
from shared.runtime.cli import main

main(SERVICE)
