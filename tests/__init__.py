"""The tests."""

import os

# before anything reads settings: a folder's conftest may import a service
os.environ |= {
    "SCORE_NPWP_KEYS": f"tests={'5c' * 32}",
    "SCORE_NPWP_INDEX_KEY": "c5" * 32,
    "SCORE_LINK_SEALING_KEYS": f"tests={'3a' * 32}",
    "SCORE_QUIET_HOURS": "",  # as `score up` has it: tests run at any hour
}
