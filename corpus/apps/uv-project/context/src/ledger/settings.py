"""What an operator may set: LEDGER_CURRENCY."""

from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="LEDGER_")

    currency: str = "EUR"
