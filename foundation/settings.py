"""Every setting of the service, read once from the environment; docs/settings.md lists them."""

from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Self

from pydantic import AliasChoices, Field, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

# Good enough for a server that only this machine can reach; production refuses it.
DEVELOPMENT_SECRET = "development-only-secret-never-use-in-production"


class Environment(StrEnum):
    DEVELOPMENT = "development"
    TEST = "test"
    PRODUCTION = "production"


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix="SUBGRANTS_", frozen=True, env_ignore_empty=True, extra="ignore", populate_by_name=True
    )

    environment: Environment = Environment.DEVELOPMENT
    database_url: str | None = Field(default=None, repr=False)
    data_dir: Path = Path("var")
    # PORT has no prefix because hosting platforms set it.
    port: int = Field(default=8000, ge=1, le=65535, validation_alias=AliasChoices("PORT"))
    host: str = "127.0.0.1"
    base_url: str = ""
    secret: str = Field(default=DEVELOPMENT_SECRET, repr=False)
    smtp_url: str | None = Field(default=None, repr=False)
    mail_from: str = "Subgrants <no-reply@example.org>"
    pool_size: int = Field(default=10, ge=2, le=200)
    upload_mb: int = Field(default=10, ge=1, le=50)
    example: bool | None = None
    # Said in every file of public data, for whoever wants to publish it further.
    data_licence: str = ""
    # Whose word on the visitor's address is believed: addresses and networks with commas, or * for everybody's.
    trusted_proxies: str = ""

    @field_validator("data_dir")
    @classmethod
    def _absolute(cls, folder: Path) -> Path:
        return folder.expanduser().absolute()

    @field_validator("base_url")
    @classmethod
    def _without_last_slash(cls, url: str) -> str:
        if url and not url.startswith(("http://", "https://")):
            raise ValueError("SUBGRANTS_BASE_URL starts with http:// or https://, as people type it in the browser.")
        return url.rstrip("/")

    @model_validator(mode="after")
    def _fit_for_production(self) -> Self:
        if not self.production:
            return self
        if self.secret == DEVELOPMENT_SECRET or len(self.secret) < 32:
            raise ValueError(
                "SUBGRANTS_SECRET is missing or too short for production: set it to at least 32 random characters, "
                'for example from: python3 -c "import secrets; print(secrets.token_urlsafe(48))"'
            )
        if self.example:
            raise ValueError("SUBGRANTS_EXAMPLE is on: a production installation does not take the example programme.")
        if not self.base_url:
            raise ValueError("SUBGRANTS_BASE_URL is missing: production needs the address people use, for letters.")
        return self

    @property
    def tested(self) -> bool:
        return self.environment is Environment.TEST

    @property
    def production(self) -> bool:
        return self.environment is Environment.PRODUCTION

    @property
    def address(self) -> str:
        """Where people reach the service, without a slash at the end."""
        host = "127.0.0.1" if self.host in {"0.0.0.0", "::"} else self.host
        return self.base_url or f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    @property
    def loads_example(self) -> bool:
        """Whether the first start fills an empty database with the example programme."""
        return self.environment is Environment.DEVELOPMENT if self.example is None else self.example


@cache
def settings() -> Settings:
    return Settings()
