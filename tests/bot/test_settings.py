"""Settings: each wrong one is named in a sentence, no secret is shown, and the example file knows them all."""

import re
from pathlib import Path

import pytest

from bot.settings import Settings, WrongSettings, load_settings
from purchasing.options import BUILT_IN

TOKEN = "123456789:AAEexampleexampleexampleexample"
EXPLAINED = ("sqlite:///",)
"""Values that stand in the explanation itself."""
EXAMPLE = Path(__file__).parents[2] / "settings.env.example"


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("BOT_TOKEN", TOKEN)
    monkeypatch.setenv("OWNER_IDS", "1001, 1002")


def refusal(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> str:
    monkeypatch.setenv(name, value)
    with pytest.raises(WrongSettings) as caught:
        load_settings()
    return str(caught.value)


def test_only_the_token_and_owners_are_needed() -> None:
    settings = load_settings()
    assert settings.owner_ids == (1001, 1002)
    assert settings.database == "sqlite:///data/vykup.db"
    assert settings.key_file == Path("data/secret.key")


def test_every_setting_is_in_the_example_and_nothing_else() -> None:
    documented = re.findall(r"^([A-Z0-9_]+)=", EXAMPLE.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(documented) == sorted(name.upper() for name in Settings.model_fields)


def test_the_example_filled_in_is_valid(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BOT_TOKEN")
    monkeypatch.delenv("OWNER_IDS")
    text = EXAMPLE.read_text(encoding="utf-8")
    text = text.replace("BOT_TOKEN=", f"BOT_TOKEN={TOKEN}").replace("OWNER_IDS=", "OWNER_IDS=1001")
    text = re.sub(r"^\w+_RECIPIENT=$", "", text, flags=re.MULTILINE)
    text = re.sub(r"^# (\w+_RECIPIENT=)", r"\1", text, flags=re.MULTILINE)
    Path("settings.env").write_text(text, encoding="utf-8")
    settings = load_settings()
    assert settings.alibaba1688_recipient["city"] == "广州市"
    assert settings.taobao_recipient["region"] == "440106"


@pytest.mark.parametrize("name", ["BOT_TOKEN", "OWNER_IDS"])
def test_a_missing_one_is_named(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.delenv(name)
    with pytest.raises(WrongSettings, match=f"^{name} is missing: [^\n]*$"):
        load_settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BOT_TOKEN", "not-a-token-but-secret"),
        ("OWNER_IDS", "me"),
        ("OWNER_IDS", "-5"),
        ("BOT_API_URL", "telegram"),
        ("DATABASE_URL", "mysql://root:hunter2secret@db/x"),
        ("DATABASE_URL", "sqlite:///"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("TIMEZONE", "Mars/Base"),
        ("TIMEZONE", "/etc/passwd"),
        ("LANGUAGE", "de"),
        ("WEB_LISTEN", "8080"),
        ("CHROMIUM_PATH", "/nowhere/chromium"),
        ("TAOBAO_SITE_FILE", "missing.json"),
        ("TAOBAO_RECIPIENT", "{"),
        ("TAOBAO_RECIPIENT", '{"mobile": "123"}'),
        ("TAOBAO_RECIPIENT", '{"street": "x"}'),
        ("ALIBABA1688_RECIPIENT", '{"city": "Moscow"}'),
        ("SYNC_EVERY", "often"),
        ("SYNC_EVERY", "0"),
        ("BACKGROUND_SYNC", "yes"),
        ("RECONCILE_LOOKS", "soon"),
        ("EFFECT_DEADLINE", "0"),
        ("LOG_LEVEL", "LOUD"),
        ("LOG_FORMAT", "xml"),
    ],
)
def test_a_wrong_one_is_named_in_one_sentence_without_its_value(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    told = refusal(monkeypatch, name, value)
    assert told.startswith(f"{name} ")
    assert told.endswith(".")
    assert "\n" not in told
    assert len(value) < 5 or value in EXPLAINED or value not in told


def test_a_webhook_needs_a_long_secret_and_a_place_to_listen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEBHOOK_SECRET", "short-canary")
    told = refusal(monkeypatch, "WEBHOOK_URL", "https://bot.example.org/hook")
    assert "WEBHOOK_SECRET" in told
    assert "short-canary" not in told
    monkeypatch.setenv("WEBHOOK_SECRET", "with spaces " * 9)
    assert "WEBHOOK_SECRET" in refusal(monkeypatch, "WEBHOOK_URL", "https://bot.example.org/hook")
    monkeypatch.setenv("WEBHOOK_SECRET", "x" * 32)
    assert "WEB_LISTEN" in refusal(monkeypatch, "WEBHOOK_URL", "https://bot.example.org/hook")


def test_half_of_the_1688_application_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "ALIBABA1688_APP_SECRET" in refusal(monkeypatch, "ALIBABA1688_APP_KEY", "1234567")


def test_a_misspelt_name_in_the_file_is_refused() -> None:
    Path("settings.env").write_text("OWNER_ID=5\n", encoding="utf-8")
    with pytest.raises(WrongSettings, match=r"OWNER_ID in settings\.env is no setting"):
        load_settings()


def test_no_secret_shows_in_the_settings_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALIBABA1688_APP_KEY", "1234567")
    monkeypatch.setenv("ALIBABA1688_APP_SECRET", "canary-secret")
    settings = load_settings()
    assert "canary-secret" not in repr(settings) + str(settings)
    assert TOKEN not in repr(settings)
    assert {TOKEN, "canary-secret"} <= set(settings.secrets())


def test_first_defaults_go_to_known_options(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAOBAO_RECIPIENT", '{"mobile": "13800000000"}')
    defaults = load_settings().option_defaults()
    assert defaults.pop("taobao.recipient.mobile") == "13800000000"
    assert defaults.keys() <= BUILT_IN.keys()
    assert defaults["sync.allowed"] == "no"
