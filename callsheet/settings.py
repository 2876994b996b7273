"""Every setting, described. The edge (a task's wiring, the command line) reads them once and passes them on."""

import os
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from callsheet.surroundings import ENV_FILE, default_home

# Set for the processes of the embedded server. The supervisor gives them every setting, and they must not find others
# where they run.
NO_ENV_FILES = "CALLSHEET_NO_ENV_FILES"


class Settings(BaseSettings):
    """Environment variables CALLSHEET_…, or a file named .env in the working directory or in the home.

    What stands first wins: the environment, the working directory, the home.
    """

    model_config = SettingsConfigDict(
        env_prefix="CALLSHEET_", env_file=ENV_FILE, extra="ignore", frozen=True, use_attribute_docstrings=True
    )

    home: Path = Field(default_factory=default_home)
    """Folder of everything Callsheet keeps on this machine: database, media, results, scratch space."""
    storage: str = "local"
    """Where media is stored: `local` (below home), or `s3:BLOCK` with the name of a prefect-aws S3Bucket block."""
    media_url: str | None = None
    """Base URL under which a browser reaches stored media. Without it, the one `callsheet up` serves."""
    scenes_at_once: int = Field(8, ge=1)
    """Scene subflows of one video that run at the same time. Rendering itself is limited by `renders_at_once`."""
    renders_at_once: int = Field(default_factory=lambda: os.cpu_count() or 1, ge=1)
    """Render children of this machine that run at the same time, over all runs. One a core is fastest. As many
    scenes are rehearsed beside them. One more slot is for a run that waits for 20 s while others hold all slots."""
    render_timeout_s: float = Field(1800, gt=0)
    """Longest time one scene may take to render, in seconds."""
    rehearsal_timeout_s: float = Field(120, gt=0)
    """Longest time one scene may take to rehearse, in seconds. A scene that takes longer goes back to its writer. A
    rehearsal skips animations, so the scene is most likely in an endless loop."""
    step_silence_s: float = Field(600, gt=0)
    """Longest time a step may go without progress, in seconds. After it, Callsheet ends the step and tries it again.
    Waits with a separate limit (an answer of a language model, a render, a turn at a provider) don't count."""
    render_memory_mb: int = Field(2048, ge=256)
    """Most memory that one scene may take, with all that it starts and the files that it writes."""
    fence: Literal["required", "container", "unsafe-none"] = "required"
    """What stands between scene code and this machine. `required`: bubblewrap and a filter of system calls, or nothing
    is rendered. `container`: an outer boundary that you vouch for. `unsafe-none`: nothing; for code that you wrote."""
    repairs: int = Field(3, ge=0, le=10)
    """How often Callsheet sends scene code back to the language model that wrote it, with what is wrong."""
    writer_model: str = ""
    """Language model that writes scenes: `openai:gpt-6-luna`, `anthropic:claude-sonnet-5-5`, `ollama:qwen2.5-coder`, or
    the name that it has at `writer_base_url`. Without a model, Callsheet lays prompts out as text."""
    writer_base_url: str | None = None
    """Address of an OpenAI-compatible server, e.g. http://127.0.0.1:8080/v1. Without it, Callsheet asks the vendor's
    server."""
    writer_api_key: SecretStr | None = None
    """Key of the model's service. Your own server may need none."""
    writer_timeout_s: float = Field(300, gt=0)
    """Longest time one answer of the language model may take, in seconds."""
    writer_max_tokens: int = Field(8_000, ge=256)
    """Longest answer of the language model in tokens, its thinking included: a bound on what one call can cost."""
    writer_context_tokens: int | None = Field(None, ge=3_000)
    """How many tokens the model's server reads at most, question and answer together. Below 8,000, Callsheet sends
    short instructions. None: as many as the question and its answer need."""
    writer_at_once: int = Field(4, ge=1)
    """Questions that Callsheet asks the language model at the same time, over all runs and machines."""
    writer_spacing_s: float = Field(0, ge=0)
    """Seconds from the start of one question to the start of the next, for a provider that wants them spread out."""
    runs_at_once: int | None = Field(None, ge=1)
    """Runs that work at the same time, over all machines; the others wait as Queued, by priority. None: no bound.
    This and the three that follow are limits in the Prefect server, as `footage_at_once` is."""
    runs_at_once_per_owner: int | None = Field(None, ge=1)
    """The same for the runs of one owner. None: no bound."""
    budget_run_usd: float | None = Field(None, ge=0)
    """What a run may cost at most, in US dollars; one that may cost more waits for approval. None: no cap."""
    budget_day_usd: float | None = Field(None, ge=0)
    """What all runs of a day (UTC) may cost, in US dollars; a run that may exceed it waits. None: no cap."""
    recoveries: int = Field(3, ge=0)
    """How often Callsheet restarts a run whose process was killed, without a finished step in between."""
    starting_within_s: float = Field(900, gt=0)
    """Longest time from when a runner takes a run until its process begins, in seconds; after it, another runner takes
    it."""
    backfill_catalogue: str = ""
    """Where backfills find request files if nothing else is said: a folder, or s3://bucket/prefix."""
    fetch_allowed_hosts: Annotated[frozenset[str], NoDecode] = frozenset()
    """Hosts outside the public network from which files may be fetched, each with its port, separated by commas, e.g.
    media.example.com:8080. Everyone who may make requests can reach them through this machine."""
    footage_provider: Literal["local", "replicate"] = "local"
    """Who edits, draws and animates pictures: this machine itself, without a key, or models at Replicate, for money."""
    footage_models: Path | None = None
    """YAML file of models. Callsheet looks for a model there first, then among the models that it knows."""
    footage_at_once: int = Field(4, ge=1)
    """Paid predictions that run at the same time, over all runs and machines. A limit in the Prefect server, which
    `callsheet up` and `python -m deployments.apply` bring to this value."""
    footage_start_spacing_s: float = Field(1.0, ge=0)
    """Shortest time from the start of one paid prediction to the start of the next, over all runs and machines."""
    footage_poll_s: float = Field(2.0, gt=0)
    """Seconds from one look at a prediction to the next."""
    replicate_token: SecretStr | None = None
    """API token of the Replicate account that pays."""
    replicate_url: str = "https://api.replicate.com"
    """Address of Replicate's API."""
    replicate_timeout_s: float = Field(60, gt=0)
    """Longest wait for one answer of Replicate's API, in seconds. A prediction may run longer; each look at it is one
    answer."""
    voices: Annotated[tuple[str, ...], NoDecode] = ()
    """Voices that speak, in their order, separated by commas: names of `callsheet voices`. If one fails, the next one
    speaks. After them, and without them, the voices of this machine speak."""
    lexicon: Path | None = None
    """YAML file of words, each with a respelling or with its sounds: how voices say names."""
    kokoro_model: Path | None = None
    """ONNX file of a Kokoro model of your own. Without it, the model that set-up installs."""
    kokoro_voices: Path | None = None
    """Folder of Kokoro voices of your own: NAME.bin is the voice `kokoro:NAME`."""
    speech_base_url: str | None = None
    """Address of a speech service in OpenAI's protocol, e.g. http://127.0.0.1:8880/v1. Without it, OpenAI's address."""
    speech_api_key: SecretStr | None = None
    """Key of the speech service. Your own server may need none."""
    speech_model: str = "gpt-4o-mini-tts"
    """Model of the speech service, under the service's name for it."""
    speech_timeout_s: float = Field(120, gt=0)
    """Longest time the speech service may take for one sentence, in seconds."""
    webhook_url: Annotated[frozenset[str], NoDecode] = frozenset()
    """Address to which Callsheet sends a webhook when a run is over, or several, separated by commas."""
    webhook_secret: SecretStr | None = None
    """Key that signs webhooks: whsec_ and 24 to 64 bytes in base64. `callsheet webhook secret` makes one."""
    webhook_timeout_s: float = Field(15, gt=0, le=300)
    """Longest time a receiver of webhooks may take to answer, in seconds."""
    postgres_dir: Path = Path("/usr/lib/postgresql")
    """Folder of PostgreSQL's versions, with programs in e.g. 15/bin. The newest one runs the embedded database."""
    linger_s: float = Field(300, ge=0)
    """Seconds that a server which was started for one command stays without use, for the next command to find."""
    prefect_port: int = Field(4200, ge=1, le=65535)
    """Preferred port of the embedded Prefect server. If it is in use, Callsheet takes the next free one."""
    media_port: int = Field(4280, ge=1, le=65535)
    """Preferred port on which Callsheet serves media and its HTTP API. If it is in use, Callsheet takes the next free
    one."""
    api_hosts: Annotated[frozenset[str], NoDecode] = frozenset()
    """Further host names under which the HTTP API may be asked, without ports, separated by commas: those of a proxy in
    front of it."""
    api_origins: Annotated[frozenset[str], NoDecode] = frozenset()
    """Origins of other web pages that may ask the HTTP API, separated by commas, e.g. https://studio.example.com."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read the home's own file last, once it is known where the home is."""
        if NO_ENV_FILES in os.environ:
            return (init_settings, env_settings)
        known = {**dotenv_settings(), **env_settings(), **init_settings()}
        home = Path(known.get("home") or default_home())
        return (init_settings, env_settings, dotenv_settings, DotEnvSettingsSource(settings_cls, home / ENV_FILE))

    @field_validator("home", mode="before")
    @classmethod
    def _empty_is_the_default(cls, home: object) -> object:
        return default_home() if home == "" else home

    @field_validator("fetch_allowed_hosts", "api_hosts", "api_origins", mode="before")
    @classmethod
    def _as_a_list(cls, hosts: object) -> object:
        return frozenset(hosts.lower().replace(",", " ").split()) if isinstance(hosts, str) else hosts

    @field_validator("voices", mode="before")
    @classmethod
    def _as_an_order(cls, voices: object) -> object:
        if not isinstance(voices, str):
            return voices
        return tuple(name for each in voices.split(",") if (name := each.strip()))

    @field_validator("webhook_url", mode="before")
    @classmethod
    def _as_addresses(cls, urls: object) -> object:
        return frozenset(urls.replace(",", " ").split()) if isinstance(urls, str) else urls

    @property
    def media_dir(self) -> Path:
        """Return the folder of the local store."""
        return self.home / "media"

    @property
    def results_dir(self) -> Path:
        """Return the folder of persisted task results."""
        return self.home / "results"

    @property
    def scratch_dir(self) -> Path:
        """Return the folder of working files.

        What is in it belongs to a living process; the next sweep removes the rest.
        """
        return self.home / "scratch"

    @property
    def looks_dir(self) -> Path:
        """Return the folder of looks of one's own."""
        return self.home / "looks"

    @property
    def catalogue_dir(self) -> Path:
        """Return the folder of what is known of the installed Manim."""
        return self.home / "catalogue"

    @property
    def learned_dir(self) -> Path:
        """Return the folder of what Callsheet has learned about the servers of language models."""
        return self.home / "models"

    @property
    def slots_dir(self) -> Path:
        """Return the folder of the lock files that count renders at once."""
        return self.home / "slots"


@cache
def settings() -> Settings:
    """Return the settings of this process."""
    return Settings()
