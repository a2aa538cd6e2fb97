"""One Piccolo app for the whole service, so that migrations form a single straight line."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

APP_CONFIG = AppConfig(
    app_name="service",
    migrations_folder_path=str(Path(__file__).parent.parent / "migrations"),
    table_classes=[],
    migration_dependencies=[],
    commands=[],
)
