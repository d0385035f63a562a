"""What some fixtures give, as types."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from pymongo.database import Database

from shared.kernel.service import Service

Stores = Callable[[Service | str], Database[dict[str, Any]]]
Enter = Callable[[str], None]
Client = Callable[[str], FlaskClient]
Site = Callable[[Service], Flask]
