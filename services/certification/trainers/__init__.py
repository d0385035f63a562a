"""The register of trainers."""
