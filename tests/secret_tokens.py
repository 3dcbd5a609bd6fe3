"""Generators of made-up secrets, one a kind, so that no file holds a real shape. `tokens.py` takes them in.

Every provider's kind has a twin `…-placeholder`, of the same shape and made of one letter or of the alphabet.
"""

from __future__ import annotations

import base64
import json
import random
import string
import zlib
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

Generator = Callable[[random.Random], str]

HEX = "0123456789abcdef"
UPPER = string.ascii_uppercase + string.digits
ALNUM = string.ascii_letters + string.digits
WORD = ALNUM + "_-"
BASE32 = string.ascii_uppercase + "234567"
BASE64 = ALNUM + "+/"
DIGITS = string.digits
LOWER = string.ascii_lowercase + string.digits


class _Dull(random.Random):
    """Draws one letter, or the alphabet in its order: what people write where a token belongs."""

    def choices(self, population: Any, *args: Any, k: int = 1, **named: Any) -> list[Any]:  # type: ignore[override]
        if self._mode:
            return [population[at % min(len(population), 26)] for at in range(k)]
        return [population[-1]] * k

    def __init__(self, mode: int) -> None:
        super().__init__(0)
        self._mode = mode


def _made(*parts: str | tuple[str, int]) -> Generator:
    """Fixed texts, and (alphabet, length) for what is drawn; long runs always hold a digit."""

    def generator(chance: random.Random) -> str:
        text = ""
        for part in parts:
            if isinstance(part, str):
                text += part
                continue
            alphabet, length = part
            drawn = "".join(chance.choices(alphabet, k=length))
            if (
                not isinstance(chance, _Dull)
                and length > 12
                and "7" in alphabet
                and not any(map(str.isdigit, drawn))
            ):
                drawn = "7" + drawn[1:]
            if drawn[-1:] in "-_.":
                drawn = drawn[:-1] + "a"
            text += drawn
        return text

    return generator


def _uuid(prefix: str, version: str = "") -> Generator:
    third = (version, (HEX, 3)) if version else ((HEX, 4),)
    return _made(prefix, (HEX, 8), "-", (HEX, 4), "-", *third, "-", (HEX, 4), "-", (HEX, 12))


def _twice(chance: random.Random) -> str:
    return "mail_service-" + _uuid("")(chance) + "-" + _uuid("")(chance)


def _teams(chance: random.Random) -> str:
    one = _uuid("")
    head = "https://tenant.webhook.off" + "ice.com/webhookb2/" + one(chance) + "@" + one(chance)
    return head + "/IncomingWebhook/" + _made((HEX, 32))(chance) + "/" + one(chance)


def _checked(prefix: str) -> Generator:
    """Thirty drawn characters and their CRC-32 in six base62 digits."""

    def generator(chance: random.Random) -> str:
        body = "".join(chance.choices(ALNUM, k=30))
        return prefix + body + _base62(zlib.crc32(body.encode()))

    return generator


def _base62(number: int) -> str:
    digits = ""
    for _ in range(6):
        number, digit = divmod(number, 62)
        digits = (string.digits + string.ascii_uppercase + string.ascii_lowercase)[digit] + digits
    return digits


def _unchecked(prefix: str) -> Generator:
    """The same with a last digit that is not the checksum's."""

    def generator(chance: random.Random) -> str:
        token = _checked(prefix)(chance)
        return token[:-1] + ("0" if token[-1] != "0" else "1")

    return generator


def _atlassian(right: bool) -> Generator:
    def generator(chance: random.Random) -> str:
        head = _made("ATATT3", "xFfGF0", (WORD, 170), "=")(chance)
        return head + f"{zlib.crc32(head.encode()) ^ (not right):08X}"

    return generator


def _discord(chance: random.Random) -> str:
    number = "7" + "".join(chance.choices(DIGITS, k=17))
    head = base64.b64encode(number.encode()).decode().rstrip("=")
    return f"{head}.{_made((ALNUM, 6))(chance)}.{_made((WORD, 37))(chance)}"


def _basic(chance: random.Random) -> str:
    return base64.b64encode(f"ops-{_made((HEX, 3))(chance)}:{_made((ALNUM, 9))(chance)}7".encode()).decode()


def _jwt(**claims: Any) -> Generator:
    def generator(chance: random.Random) -> str:
        head = {"alg": "HS256", "typ": "JWT"}
        body = {"sub": _made((HEX, 12))(chance), **claims}
        parts = [
            base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in (head, body)
        ]
        return ".".join([*parts, _made((ALNUM, 43))(chance)])

    return generator


def _kind(text: str) -> Generator:
    return lambda chance: text


_PROVIDERS: dict[str, Generator] = {
    "aws-access-key": _made("AK", "IA", (BASE32, 16)),
    "bedrock-key": _made("AB", "SK", (BASE64, 120)),
    "github-token": _checked("gh" + "p_"),
    "github-fine-grained-token": _made("github_", "pat_", (ALNUM, 22), "_", (ALNUM, 59)),
    "github-installation-token": _made(
        "gh", "s_1234567_ey", "J", (ALNUM, 40), ".ey", "J", (ALNUM, 80), ".", (ALNUM, 60)
    ),
    "gitlab-token": _made("gl", "pat-", (ALNUM, 20)),
    "gitlab-trigger-token": _made("gl", "ptt-", (HEX, 40)),
    "gitlab-runner-token": _made("gl", "rt-", (ALNUM, 20)),
    "slack-bot-token": _made("xo", "xb-", (DIGITS, 12), "-", (DIGITS, 13), "-", (ALNUM, 24)),
    "slack-user-token": _made(
        "xo", "xp-", (DIGITS, 12), "-", (DIGITS, 12), "-", (DIGITS, 12), "-", (HEX, 32)
    ),
    "slack-app-token": _made("xa", "pp-1-A", (UPPER, 10), "-", (DIGITS, 13), "-", (HEX, 64)),
    "slack-webhook": _made(
        "https://hooks.sl", "ack.com/services/T", (UPPER, 8), "/B", (UPPER, 10), "/", (ALNUM, 24)
    ),
    "stripe-live-key": _made("sk", "_live_", (ALNUM, 24)),
    "stripe-restricted-key": _made("rk", "_live_", (ALNUM, 99)),
    "stripe-webhook-secret": _made("wh", "sec_", (ALNUM, 32)),
    "stripe-test-key": _made("sk", "_test_", (ALNUM, 24)),
    "google-api-key": _made("AI", "za", (WORD, 35)),
    "google-oauth-secret": _made("GOC", "SPX-", (WORD, 28)),
    "gcp-private-key-id": _made((HEX, 40)),
    "openai-key": _made("s", "k-proj-", (WORD, 74), "T3Blb", "kFJ", (WORD, 74)),
    "openai-legacy-key": _made("s", "k-", (ALNUM, 20), "T3Blb", "kFJ", (ALNUM, 20)),
    "anthropic-key": _made("sk-", "ant-api03-", (WORD, 93), "AA"),
    "hugging-face-token": _made("h", "f_", (string.ascii_letters, 34)),
    "groq-key": _made("gs", "k_", (ALNUM, 52)),
    "replicate-token": _made("r", "8_", (ALNUM, 37)),
    "npm-token": _checked("np" + "m_"),
    "npm-registry-token": _uuid("_auth" + "Token="),
    "pypi-token": _made("py", "pi-AgEIcHlwaS5vcmc", (WORD, 120)),
    "rubygems-key": _made("ruby", "gems_", (HEX, 48)),
    "crates-io-token": _made("ci", "o", (ALNUM, 32)),
    "nuget-key": _made("o", "y2", (string.ascii_lowercase + "234567", 43)),
    "docker-hub-token": _made("dc", "kr_pat_", (WORD, 27)),
    "sendgrid-key": _made("S", "G.", (WORD, 22), ".", (WORD, 43)),
    "mailgun-key": _made("ke", "y-", (HEX, 32)),
    "mailgun-signing-key": _made((HEX, 32), "-", (HEX, 8), "-", (HEX, 8)),
    "mailchimp-key": _made((HEX, 32), "-us", "12"),
    "brevo-key": _made("xkey", "sib-", (HEX, 64), "-", (ALNUM, 16)),
    "twilio-api-key": _made("S", "K", (HEX, 32)),
    "telegram-token": _made((DIGITS[1:], 10), ":A", "A", (WORD, 33)),
    "discord-token": _discord,
    "discord-webhook": _made("https://disc", "ord.com/api/webhooks/", (DIGITS[1:], 18), "/", (WORD, 68)),
    "azure-storage-key": _made((BASE64, 86), "=="),
    "azure-shared-access-key": _made("SharedAccess", "Key=", (BASE64, 43), "="),
    "azure-sas-signature": _made((ALNUM, 43), "%3D"),
    "azure-client-secret": _made((ALNUM, 3), "8", "Q~", (ALNUM, 34)),
    "azure-devops-token": _made((ALNUM, 76), "AZ", "DO", (ALNUM, 4)),
    "digitalocean-token": _made("do", "p_v1_", (HEX, 64)),
    "heroku-key": _made("HR", "KU-AA", (WORD, 58)),
    "heroku-uuid": _uuid(""),
    "cloudflare-token": _made((ALNUM, 40)),
    "cloudflare-user-token": _made("cf", "ut_", (ALNUM, 40), (HEX, 8)),
    "netlify-token": _made("nf", "p_", (ALNUM, 36)),
    "supabase-key": _made("sb", "p_", (HEX, 40)),
    "planetscale-token": _made("psc", "ale_tkn_", (ALNUM, 43)),
    "databricks-token": _made("da", "pi", (HEX, 32)),
    "datadog-api-key": _made((HEX, 32)),
    "new-relic-key": _made("NR", "AK-", (UPPER, 27)),
    "grafana-token": _made("gl", "sa_", (ALNUM, 32), "_", (HEX, 8)),
    "grafana-cloud-token": _made("gl", "c_ey", "J", (ALNUM, 120)),
    "sentry-token": _made("sntr", "ys_ey", "J", (ALNUM, 120), "_", (ALNUM, 43)),
    "sentry-user-token": _made("sntr", "yu_", (HEX, 64)),
    "shopify-token": _made("sh", "pat_", (HEX, 32)),
    "square-token": _made("sq", "0atp-", (WORD, 22)),
    "braintree-token": _made(
        "access", "_token$production$", (string.ascii_lowercase + DIGITS, 16), "$", (HEX, 32)
    ),
    "plaid-token": _uuid("access-" + "production-"),
    "linear-key": _made("li", "n_api_", (ALNUM, 40)),
    "notion-token": _made("nt", "n_", (DIGITS, 11), (ALNUM, 35)),
    "notion-secret": _made("sec", "ret_", (ALNUM, 43)),
    "figma-token": _made("fi", "gd_", (WORD, 40)),
    "airtable-token": _made("pa", "t", (ALNUM, 14), ".", (HEX, 64)),
    "asana-token": _made("1/", (DIGITS[1:], 16), ":", (HEX, 32)),
    "atlassian-token": _atlassian(right=True),
    "bitbucket-password": _made("AT", "BB", (ALNUM, 24), (HEX.upper(), 8)),
    "postman-key": _made("PM", "AK-", (HEX, 24), "-", (HEX, 34)),
    "vault-token": _made("hv", "s.", (WORD, 95)),
    "terraform-cloud-token": _made((ALNUM, 14), ".atlas", "v1.", (ALNUM, 67)),
    "pulumi-token": _made("pu", "l-", (HEX, 40)),
    "doppler-token": _made("d", "p.pt.", (ALNUM, 43)),
    "onepassword-token": _made("op", "s_ey", "J", (BASE64, 300)),
    "artifactory-token": _made("AK", "Cp", (ALNUM, 69)),
    "sonar-token": _made("sq", "u_", (HEX, 40)),
    "circleci-token": _made("CCI", "PAT_", (ALNUM, 22), "_", (HEX, 40)),
    "buildkite-token": _made("bk", "ua_", (HEX, 40)),
    "contentful-token": _made("CF", "PAT-", (WORD, 43)),
    "dynatrace-token": _made("dt", "0c01.", (BASE32, 24), ".", (BASE32, 64)),
    "mapbox-token": _made("s", "k.ey", "J", (ALNUM, 60), ".", (ALNUM, 22)),
    "alibaba-key": _made("LT", "AI", (ALNUM, 20)),
    "adafruit-key": _made("ai", "o_", (ALNUM, 28)),
    "adobe-secret": _made("p8", "e-", (ALNUM, 32)),
    "adyen-key": _made("AQ", "Eyhm", (BASE64, 88), "==-", (BASE64, 43), "=-", (ALNUM, 16)),
    "aikido-token": _made("AI", "K_SECRET_", (ALNUM, 64)),
    "aikido-ci-token": _made("AI", "K_CI_", (ALNUM, 20)),
    "apify-token": _made("ap", "ify_api_", (ALNUM, 34)),
    "asaas-key": _made("$a", "act_prod_", (WORD, 20)),
    "authress-key": _made("scauth_", (LOWER, 12), ".", (LOWER, 5), ".acc-", (HEX, 12), ".", (ALNUM, 44)),
    "aws-session-token": _made("IQoJb3JpZ", "2luX2VjE", (BASE64, 300)),
    "azure-key": _made((ALNUM, 52), "JQQ", "J99", (UPPER, 26)),
    "azure-ai-search-key": _made((ALNUM, 42), "Az", "SeA", (ALNUM, 5)),
    "azure-functions-key": _made((ALNUM, 44), "Az", "Fu", (ALNUM, 6), "=="),
    "azure-redis-cache-key": _made((ALNUM, 33), "Az", "CaA", (ALNUM, 5), "="),
    "azure-container-registry-password": _made((ALNUM, 42), "+AC", "RA", (ALNUM, 5)),
    "azure-cosmos-db-key": _made((ALNUM, 76), "AC", "Db", (ALNUM, 6), "=="),
    "buildkite-service-token": _made("bk", "aa_", (WORD, 54)),
    "canva-secret": _made("cn", "vca", (WORD, 51)),
    "cerebras-key": _made("cs", "k-", (LOWER, 48)),
    "clickhouse-key": _made("4b", "1d", (ALNUM, 38)),
    "clickup-token": _made("pk", "_", (DIGITS, 8), "_", (UPPER, 32)),
    "clojars-token": _made("CL", "OJARS_", (LOWER, 60)),
    "cloudsmith-key": _made("cs", "a_", (ALNUM, 36)),
    "cockroachdb-key": _made("CC", "DB1_", (ALNUM, 22), "_", (ALNUM, 40)),
    "cursor-key": _made("ke", "y_", (HEX, 64)),
    "datastax-token": _made("Astra", "CS:", (string.ascii_letters, 24), ":", (HEX, 64)),
    "defined-networking-token": _made("dn", "key-", (UPPER, 26), "-", (UPPER, 52)),
    "deno-token": _made("dd", "p_", (ALNUM, 36)),
    "dependency-track-key": _made("od", "t_", (ALNUM, 32)),
    "devcycle-key": _made("dv", "c_server_", (ALNUM, 8)),
    "devin-key": _made("ap", "k_user_", (BASE64, 120)),
    "devin-service-token": _made("co", "g_", (BASE32.lower(), 52)),
    "docker-swarm-key": _made("SWM", "TKN-1-", (LOWER, 50), "-", (LOWER, 25)),
    "docker-swarm-unlock-key": _made("SWM", "KEY-1-", (BASE64, 43)),
    "dropbox-token": _made("s", "l.", (WORD, 135)),
    "duffel-token": _made("du", "ffel_live_", (WORD, 43)),
    "easypost-key": _made("EZ", "AK", (ALNUM, 54)),
    "ebay-secret": _made("PR", "D-", (HEX, 12), "-", (HEX, 4), "-", (HEX, 4), "-", (HEX, 4), "-", (HEX, 4)),
    "elastic-key": _made("es", "su_", (WORD, 60)),
    "elevenlabs-key": _made("sk", "_", (HEX, 48)),
    "endor-labs-key": _made("en", "dr+", (ALNUM, 16)),
    "facebook-token": _made("EA", "AC", (ALNUM, 150)),
    "facebook-app-token": _made((DIGITS[1:], 15), "|", (ALNUM, 27)),
    "firebase-key": _made("AA", "AA", (ALNUM, 7), ":", (WORD, 140)),
    "flutterwave-key": _made("FL", "WSECK-", (HEX, 32)),
    "fly-token": _made("fo", "1_", (WORD, 43)),
    "fly-io-token": _made("fm", "1a_", (BASE64, 100)),
    "frame-io-token": _made("fi", "o-u-", (WORD, 64)),
    "google-oauth-token": _made("ya", "29.", (WORD, 120)),
    "google-refresh-token": _made("1/", "/0", (WORD, 60)),
    "harness-key": _made("pa", "t.", (ALNUM, 22), ".", (HEX, 24), ".", (ALNUM, 20)),
    "hubspot-token": _uuid("pat-" + "na1-"),
    "infracost-key": _made("ic", "o-", (ALNUM, 32)),
    "intra42-secret": _made("s-", "s4t2ud-", (HEX, 64)),
    "ionic-token": _made("io", "n_", (ALNUM, 42)),
    "langsmith-key": _made("ls", "v2_pt_", (HEX, 32), "_", (HEX, 10)),
    "launchdarkly-key": _uuid("sd" + "k-", "4"),
    "lichess-token": _made("li", "p_", (ALNUM, 20)),
    "linkedin-secret": _made("WPL", "_AP1.", (ALNUM, 16), ".", (ALNUM, 6), "=="),
    "mailersend-token": _made("ml", "sn.", (ALNUM, 64)),
    "maxmind-key": _made((ALNUM, 6), "_", (ALNUM, 29), "_m", "mk"),
    "mercury-token": _made("mercury", "_production_wma_", (ALNUM, 44), "_yrucrem"),
    "mergify-key": _made("me", "rgify_application_key_", (WORD, 40)),
    "midtrans-key": _made("Mi", "d-server-", (WORD, 20)),
    "minimax-key": _made("sk", "-api-", (WORD, 119)),
    "mongodb-atlas-key": _made("md", "b_sa_sk_", (WORD, 40)),
    "neon-key": _made("na", "pi_", (ALNUM, 64)),
    "nightfall-key": _made("NF", "-", (ALNUM, 32)),
    "notify-key": _twice,
    "nvidia-key": _made("nv", "api-", (WORD, 60)),
    "octopus-key": _made("AP", "I-", (UPPER, 26)),
    "okta-token": _made("SSWS 00", (WORD, 40)),
    "onesignal-key": _made("os", "_v2_app_", (BASE32.lower(), 103)),
    "onfido-token": _made("ap", "i_live.", (WORD, 20)),
    "openrouter-key": _made("sk", "-or-v1-", (HEX, 64)),
    "openshift-token": _made("sh", "a256~", (WORD, 43)),
    "paddle-key": _made("pdl", "_live_apikey_", (LOWER, 26), "_", (ALNUM, 22), "_", (ALNUM, 3)),
    "pagarme-key": _made("ak", "_live_", (ALNUM, 30)),
    "perplexity-key": _made("pp", "lx-", (ALNUM, 48)),
    "persona-key": _made("pe", "rsona_production_", (ALNUM, 20)),
    "pinecone-key": _made("pc", "sk_", (ALNUM, 6), "_", (ALNUM, 63)),
    "pinterest-token": _made("pi", "na_", (WORD, 32)),
    "polar-token": _made("po", "lar_oat_", (WORD, 20)),
    "posthog-key": _made("ph", "x_", (ALNUM, 41)),
    "prefect-key": _made("pn", "u_", (ALNUM, 36)),
    "pubnub-key": _made("se", "c-c-", (ALNUM, 48)),
    "ramp-secret": _made("ra", "mp_sec_", (ALNUM, 48)),
    "readme-key": _made("rd", "me_", (LOWER, 70)),
    "render-key": _made("rn", "d_", (ALNUM, 28)),
    "rootly-key": _made("ro", "otly_", (HEX, 64)),
    "runpod-key": _made("rp", "a_", (ALNUM, 46)),
    "salesforce-token": _made("00D", (ALNUM, 12), "!", (ALNUM, 96)),
    "samsara-token": _made("sa", "msara_api_", (ALNUM, 26)),
    "scalingo-token": _made("tk", "-us-", (WORD, 48)),
    "segment-token": _made("sg", "p_", (ALNUM, 64)),
    "settlemint-token": _made("sm", "_aat_", (ALNUM, 16)),
    "shippo-token": _made("sh", "ippo_live_", (HEX, 40)),
    "sourcegraph-token": _made("sg", "p_", (HEX, 40)),
    "sourcegraph-licence-key": _made("sl", "k_", (HEX, 64)),
    "splunk-token": _uuid("Splu" + "nk "),
    "stackhawk-key": _made("ha", "wk.", (ALNUM, 20), ".", (ALNUM, 20)),
    "tailscale-key": _made("ts", "key-auth-k", (ALNUM, 10), "CNTRL-", (ALNUM, 32)),
    "teams-webhook": _teams,
    "teamwork-token": _made("tk", "n.v1_", (ALNUM, 71)),
    "tencent-key": _made("AK", "ID", (ALNUM, 32)),
    "thunderstore-token": _made("ts", "s_", (ALNUM, 32)),
    "tines-webhook": _made("https://tenant.tin", "es.com/webhook/", (HEX, 32), "/", (HEX, 32)),
    "together-key": _made("tg", "p_v1_", (WORD, 43)),
    "twitch-token": _made("oa", "uth:", (LOWER, 30)),
    "twitter-token": _made("AAAAAAAAAAA", "AAAAAAAAAAA", (ALNUM, 7), "%2B", (ALNUM, 30), "%3D", (ALNUM, 50)),
    "typeform-token": _made("tf", "p_", (WORD, 40)),
    "ubidots-token": _made("BB", "FF-", (ALNUM, 30)),
    "unkey-key": _made("un", "key_", (ALNUM, 20)),
    "upcloud-token": _made("uc", "at_", (ALNUM, 26)),
    "val-town-token": _made("vt", "wn_", (ALNUM, 20)),
    "vercel-token": _made("vc", "p_", (WORD, 56)),
    "voiceflow-key": _made("VF", ".DM.", (HEX, 24), ".", (ALNUM, 16)),
    "wakatime-key": _made("wa", "ka_", (ALNUM, 36)),
    "wandb-key": _made("wa", "ndb_v1_", (ALNUM, 77)),
    "workato-token": _made("wr", "ka-ey", "J", (ALNUM, 30), ".", (ALNUM, 80), ".", (ALNUM, 80)),
    "xai-key": _made("xa", "i-", (WORD, 70)),
    "yandex-key": _made("AQ", "VN", (WORD, 36)),
    "yandex-cloud-token": _made("t", "1.", (ALNUM, 60), ".", (ALNUM, 86)),
    "yandex-oauth-token": _made("y", "0_", (WORD, 55)),
    "zapier-webhook": _made("https://hooks.zap", "ier.com/hooks/catch/", (DIGITS, 7), "/", (LOWER, 7)),
    "zoho-token": _made("10", "00.", (HEX, 32), ".", (HEX, 32)),
    "zuplo-key": _made("zp", "ka_", (LOWER, 32), "_", (HEX, 8)),
    "algolia-key": _made((HEX, 32)),
    "alibaba-secret": _made((ALNUM, 30)),
    "asana-secret": _made((HEX, 32)),
    "auth0-secret": _made((WORD, 64)),
    "circleci-old-token": _made((HEX, 40)),
    "coinbase-key": _made((ALNUM, 64)),
    "contentful-delivery-token": _made((ALNUM, 43)),
    "discord-secret": _made((ALNUM, 32)),
    "dropbox-secret": _made((LOWER, 15)),
    "facebook-secret": _made((HEX, 32)),
    "fastly-token": _made((ALNUM, 32)),
    "launchdarkly-token": _uuid("ap" + "i-", "4"),
    "linkedin-old-secret": _made((ALNUM, 16)),
    "mongodb-atlas-private-key": _uuid(""),
    "okta-named-token": _made("00", (ALNUM, 40)),
    "pagerduty-key": _made("u", "+", (ALNUM, 18)),
    "pagerduty-routing-key": _made((HEX, 32)),
    "paypal-secret": _made("E", (ALNUM, 79)),
    "plaid-secret": _made((HEX, 30)),
    "sentry-old-token": _made((HEX, 64)),
    "snowflake-token": _made((ALNUM, 140)),
    "sonar-old-token": _made((HEX, 40)),
    "splunk-collector-token": _uuid(""),
    "spotify-secret": _made((HEX, 32)),
    "tencent-secret": _made((ALNUM, 32)),
    "travis-token": _made((ALNUM, 22)),
    "twilio-auth-token": _made((HEX, 32)),
    "twitch-secret": _made((LOWER, 30)),
    "twitter-secret": _made((ALNUM, 50)),
    "vercel-old-token": _made((ALNUM, 24)),
    "yandex-secret-key": _made("Y", "C", (ALNUM, 38)),
    "slack-session-token": _made(
        "xo", "xc-", (DIGITS, 12), "-", (DIGITS, 12), "-", (DIGITS, 13), "-", (HEX, 64)
    ),
    "slack-session-cookie": _made("xo", "xd-", (ALNUM, 120)),
    "gemini-key": _made("AQ.Ab", "8RN6", (ALNUM, 44)),
    "alibaba-session-id": _made("ST", "S.", (ALNUM, 24)),
}


def _placeholder(generator: Generator) -> Generator:
    return lambda chance: generator(_Dull(chance.randrange(2)))


SECRETS: Mapping[str, Generator] = MappingProxyType(
    {
        **_PROVIDERS,
        **{f"{name}-placeholder": _placeholder(generator) for name, generator in _PROVIDERS.items()},
        "github-bad-checksum": _unchecked("gh" + "p_"),
        "npm-bad-checksum": _unchecked("np" + "m_"),
        "atlassian-bad-checksum": _atlassian(right=False),
        "discord-bad-number": _made("M", (ALNUM, 23), ".", (ALNUM, 6), ".", (ALNUM, 38)),
        "aws-example-key": _kind("AK" + "IAIOSFODNN7EXAMPLE"),
        "aws-secret-key": _made((BASE64, 38), "7a"),
        "aws-example-secret": _kind("wJalrXUtnFEMI/K7MDENG/bPxRfiCY" + "EXAMPLEKEY"),
        "basic-credentials": _basic,
        "bearer-token": _made((HEX, 26)),
        "password": _made((ALNUM, 6), "7k"),
        "url-password": _made((ALNUM, 9), "7"),
        "random-24": _made((ALNUM, 24)),
        "random-32": _made((ALNUM, 32)),
        "private-key-header": _kind("-----BEGIN " + "RSA PRIVATE KEY-----"),
        "private-key-footer": _kind("-----END " + "RSA PRIVATE KEY-----"),
        "private-key-body": _made("MIIEpAIBAAKCAQEA", (BASE64, 48)),
        "age-key": _made("AGE-SECRET", "-KEY-1", ("QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L", 58)),
        "jwt": _jwt(name="ops"),
        "jwt-expired": _jwt(exp=1_500_000_000),
        "jwt-anon": _jwt(role="anon"),
        "jwt-sample": _jwt(name="John Doe", iat=1_516_239_022),
    }
)
"""The kinds by name."""
