"""Where Piccolo finds the database and the one migration line."""

from piccolo.conf.apps import AppRegistry

from foundation.database import DB

APP_REGISTRY = AppRegistry(apps=["entrypoints.piccolo_app"])

__all__ = ["APP_REGISTRY", "DB"]
