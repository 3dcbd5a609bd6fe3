"""Tokens of further services by their shapes: a row each, as gathered from what the services document."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from auto_enforcer.rules.secrets._shared import Shape, prefixed

_HEX, _ANY, _WORD, _NAME = r"[0-9a-f]", r"[A-Za-z0-9]", r"[\w-]", r"\w"
_LOWER, _UPPER, _BASE32, _BASE64 = r"[a-z0-9]", r"[A-Z0-9]", r"[a-z2-7]", r"[A-Za-z0-9+/]"
_DASHED = r"[A-Za-z0-9-]"
_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"

SERVICES: Mapping[str, tuple[Shape, ...]] = MappingProxyType(
    {
        "adafruit-key": (prefixed("an Adafruit IO key", "aio_", _ANY, 28),),
        "adobe-secret": (prefixed("an Adobe client secret", "p8e-", _DASHED, 32),),
        "adyen-key": (
            Shape(
                "an Adyen key",
                r"""AQE[a-z]hm(?P<body>[A-Za-z0-9+/]{60,140}={0,2}-[A-Za-z0-9+/]{40,60}={0,2}-[^\s\"'`<>]{14,18})""",
                ("AQE",),
                r"AQE[a-z]hm[A-Za-z0-9+/]{60}",
            ),
        ),
        "aikido-token": (
            prefixed("an Aikido client secret", "AIK_SECRET_", _ANY, 64),
            prefixed("an Aikido CI token", "AIK_CI_", _ANY, 20, 44),
        ),
        "apify-token": (prefixed("an Apify token", "apify_api_", _ANY, 34, 38),),
        "asaas-key": (prefixed("an Asaas key", "$aact_prod_", _WORD, 20, 100),),
        "authress-key": (
            Shape(
                "an Authress key",
                r"(?:sc|ext|scauth|authress)_[a-z0-9]{5,30}\.[a-z0-9]{4,6}\.acc[_-][a-z0-9-]{10,32}\.(?P<body>[\w+/=-]{30,120})",
                (
                    ".acc_",
                    ".acc-",
                ),
                r"\.[a-z0-9]{4,6}\.acc[_-][a-z0-9-]{10,32}\.[\w+/=-]{30}",
            ),
        ),
        "aws-session-token": (
            Shape(
                "an AWS session token",
                r"(?:IQoJb3JpZ2lu|FwoGZXIvYXdz)(?P<body>[A-Za-z0-9+/]{150,1800}={0,2})",
                (
                    "IQoJb3JpZ2lu",
                    "FwoGZXIvYXdz",
                ),
                r"(?:IQoJb3JpZ2lu|FwoGZXIvYXdz)[A-Za-z0-9+/]{150}",
            ),
        ),
        "azure-key": (
            Shape(
                "an Azure key",
                r"[A-Za-z0-9]{52}JQQJ9[9D](?P<body>[A-Za-z0-9]{14,26})",
                ("JQQJ9",),
                r"JQQJ9[9D][A-Za-z0-9]{14}",
            ),
            Shape(
                "an Azure AI Search key",
                r"(?P<body>[A-Za-z0-9]{42})AzSe[A-D][A-Za-z0-9]{5}",
                ("AzSe",),
                r"[A-Za-z0-9]{16}AzSe[A-D][A-Za-z0-9]{5}",
            ),
            Shape(
                "an Azure Functions key",
                r"(?P<body>[\w-]{44})AzFu[\w-]{4,6}={0,2}",
                ("AzFu",),
                r"[\w-]{16}AzFu[\w-]{4}",
            ),
            Shape(
                "an Azure Redis cache key",
                r"(?P<body>[A-Za-z0-9]{33})AzCa[A-P][A-Za-z0-9]{5}=",
                ("AzCa",),
                r"[A-Za-z0-9]{16}AzCa[A-P][A-Za-z0-9]{5}=",
            ),
            Shape(
                "an Azure container registry's password",
                r"(?P<body>[A-Za-z0-9+/]{42})\+ACR[A-D][A-Za-z0-9+/]{5}",
                ("+ACR",),
                r"[A-Za-z0-9+/]{16}\+ACR[A-D][A-Za-z0-9+/]{5}",
            ),
            Shape(
                "an Azure Cosmos DB key",
                r"(?P<body>[A-Za-z0-9+/]{76})ACDb[A-Za-z0-9+/]{6}==",
                ("ACDb",),
                r"[A-Za-z0-9+/]{16}ACDb[A-Za-z0-9+/]{6}==",
            ),
        ),
        "buildkite-token": (
            prefixed(
                "a Buildkite service token", "bkaa_ bkaj_ bkar_ bkct_ bkpt_ bkpat_ bkps_", _WORD, 54, 333
            ),
        ),
        "canva-secret": (prefixed("a Canva client secret", "cnvca", _WORD, 51),),
        "cerebras-key": (prefixed("a Cerebras key", "csk-", _LOWER, 48),),
        "clickhouse-key": (prefixed("a ClickHouse Cloud key", "4b1d", _ANY, 38),),
        "clickup-token": (Shape("a ClickUp token", r"pk_\d{7,9}_(?P<body>[0-9A-Z]{32})", ("pk_",)),),
        "clojars-token": (prefixed("a Clojars token", "CLOJARS_", _LOWER, 60),),
        "cloudsmith-key": (prefixed("a Cloudsmith key", "csa_", _ANY, 36),),
        "cockroachdb-key": (
            Shape("a CockroachDB Cloud key", r"CCDB1_[A-Za-z0-9]{22}_(?P<body>[A-Za-z0-9]{40})", ("CCDB1_",)),
        ),
        "cursor-key": (prefixed("a Cursor key", "key_", _HEX, 64),),
        "datastax-token": (
            Shape(
                "a DataStax Astra token",
                r"AstraCS:[A-Za-z0-9]{20,30}:(?P<body>[0-9a-f]{64})",
                ("AstraCS:",),
                r"AstraCS:[A-Za-z0-9]{20,30}:[0-9a-f]{64}",
            ),
        ),
        "defined-networking-token": (
            Shape(
                "a Defined Networking key", r"dnkey-[A-Z0-9=_-]{26}-(?P<body>[A-Z0-9=_-]{52})", ("dnkey-",)
            ),
        ),
        "deno-token": (prefixed("a Deno token", "ddp_ ddo_", _ANY, 36),),
        "dependency-track-key": (prefixed("a Dependency-Track key", "odt_", _ANY, 32, 255),),
        "devcycle-key": (prefixed("a DevCycle server key", "dvc_server_", _NAME, 8, 64),),
        "devin-key": (
            prefixed("a Devin key", "apk_user_", _BASE64, 120, 180),
            prefixed("a Devin service token", "cog_", _BASE32, 52),
        ),
        "docker-swarm-key": (
            Shape(
                "a Docker Swarm join token", r"SWMTKN-1-[a-z0-9]{50}-(?P<body>[a-z0-9]{25})", ("SWMTKN-1-",)
            ),
            Shape("a Docker Swarm unlock key", r"SWMKEY-1-(?P<body>[A-Za-z0-9+/]{43})", ("SWMKEY-1-",)),
        ),
        "dropbox-token": (
            Shape(
                "a Dropbox token",
                r"sl\.(?:u\.)?(?P<body>[\w-]{130,1400})(?![\w-])",
                ("sl.",),
                r"sl\.(?:u\.)?[\w-]{130}",
            ),
        ),
        "duffel-token": (prefixed("a Duffel token", "duffel_live_", _WORD, 43),),
        "easypost-key": (prefixed("an EasyPost key", "EZAK", _ANY, 54),),
        "ebay-secret": (
            Shape(
                "an eBay client secret",
                r"PRD-(?P<body>[0-9a-f]{8,12}(?:-[0-9a-f]{4}){4})",
                ("PRD-",),
                r"PRD-[0-9a-f]{8,12}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}",
            ),
        ),
        "elastic-key": (prefixed("an Elastic Cloud key", "essu_", _WORD, 60, 200),),
        "elevenlabs-key": (prefixed("an ElevenLabs key", "sk_", _HEX, 48),),
        "endor-labs-key": (prefixed("an Endor Labs key", "endr+", _DASHED, 16),),
        "facebook-token": (
            Shape(
                "a Facebook access token",
                r"(?<![\w+/-])EAA[A-Z](?P<body>[A-Za-z0-9]{90,300})(?![\w+/=-])",
                ("EAA",),
                r"EAA[A-Z][A-Za-z0-9]{90}",
                bare=True,
            ),
            Shape(
                "a Facebook app token",
                r"\d{15,16}\|(?P<body>[\w-]{27})(?![\w-])",
                ("|",),
                r"\d{15,16}\|[\w-]{27}",
            ),
        ),
        "firebase-key": (
            Shape(
                "a Firebase server key",
                r"AAAA[\w-]{7}:(?P<body>[\w-]{140})(?![\w-])",
                ("AAAA",),
                r"AAAA[\w-]{7}:[\w-]{140}",
            ),
        ),
        "flutterwave-key": (prefixed("a Flutterwave key", "FLWSECK-", _HEX, 32),),
        "fly-token": (
            prefixed("a Fly.io token", "fo1_", _WORD, 43),
            prefixed("a Fly.io token", "fm1a_ fm1r_ fm2_", _BASE64, 100, 600),
        ),
        "frame-io-token": (prefixed("a Frame.io token", "fio-u-", _WORD, 64),),
        "google-oauth-token": (
            Shape("a Google access token", r"ya29\.(?P<body>[\w-]{50,1000})", ("ya29.",), r"ya29\.[\w-]{50}"),
            Shape(
                "a Google refresh token", r"1//0(?P<body>[\w-]{40,120})(?![\w-])", ("1//0",), r"1//0[\w-]{40}"
            ),
        ),
        "harness-key": (
            Shape(
                "a Harness key",
                r"[ps]at\.[\w-]{22}\.[A-Za-z0-9]{24}\.(?P<body>[A-Za-z0-9]{20})",
                (
                    "pat.",
                    "sat.",
                ),
                r"[ps]at\.[\w-]{22}\.[A-Za-z0-9]{24}\.[A-Za-z0-9]{20}",
            ),
        ),
        "hubspot-token": (
            Shape(
                "a HubSpot token",
                rf"pat-(?:na|eu)\d-(?P<body>{_UUID})",
                ("pat-",),
                rf"pat-(?:na|eu)\d-{_UUID}",
            ),
        ),
        "infracost-key": (prefixed("an Infracost key", "ico-", _ANY, 32),),
        "intra42-secret": (prefixed("a 42 API secret", "s-s4t2ud- s-s4t2af-", _HEX, 64),),
        "ionic-token": (prefixed("an Ionic token", "ion_", _ANY, 42),),
        "langsmith-key": (
            Shape("a LangSmith key", r"lsv2_(?:pt|sk)_(?P<body>[0-9a-f]{32}_[0-9a-f]{10})", ("lsv2_",)),
        ),
        "launchdarkly-key": (
            Shape(
                "a LaunchDarkly SDK key",
                r"sdk-(?P<body>[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12})",
                ("sdk-",),
            ),
        ),
        "lichess-token": (prefixed("a Lichess token", "lip_", _ANY, 20),),
        "linkedin-secret": (
            Shape(
                "a LinkedIn client secret",
                r"WPL_AP\d\.(?P<body>[A-Za-z0-9]{16}\.[A-Za-z0-9+/]{6,12}={0,2})",
                ("WPL_AP",),
                r"WPL_AP\d\.[A-Za-z0-9]{16}\.[A-Za-z0-9+/]{6}",
            ),
        ),
        "mailersend-token": (prefixed("a MailerSend token", "mlsn.", _ANY, 64),),
        "maxmind-key": (
            Shape(
                "a MaxMind licence key",
                r"[A-Za-z0-9]{6}_(?P<body>[A-Za-z0-9]{29})_mmk",
                ("_mmk",),
                r"[A-Za-z0-9]{29}_mmk",
            ),
        ),
        "mercury-token": (
            Shape(
                "a Mercury token",
                r"mercury_production_[a-z]{3,6}_(?P<body>[A-Za-z0-9]{40,50})_yrucrem",
                ("mercury_production_",),
                r"mercury_production_[a-z]{3,6}_[A-Za-z0-9]{40}",
            ),
        ),
        "mergify-key": (prefixed("a Mergify application key", "mergify_application_key_", _WORD, 40, 200),),
        "midtrans-key": (prefixed("a Midtrans server key", "Mid-server-", _WORD, 20, 24),),
        "minimax-key": (prefixed("a MiniMax key", "sk-api-", _WORD, 119),),
        "mongodb-atlas-key": (prefixed("a MongoDB Atlas service account's secret", "mdb_sa_sk_", _WORD, 40),),
        "neon-key": (prefixed("a Neon key", "napi_", _ANY, 64),),
        "nightfall-key": (prefixed("a Nightfall key", "NF-", _ANY, 32),),
        "notify-key": (
            Shape(
                "a key of a government's Notify service",
                rf"[a-z][a-z0-9_]{{2,60}}-{_UUID}-(?P<body>{_UUID})",
                ("-",),
                rf"[a-z0-9_]-{_UUID}-{_UUID}",
            ),
        ),
        "nvidia-key": (prefixed("an NVIDIA key", "nvapi-", _WORD, 60, 70),),
        "octopus-key": (prefixed("an Octopus Deploy key", "API-", _UPPER, 26),),
        "okta-token": (
            Shape(
                "an Okta token",
                r"SSWS[ ]{1,3}(?P<secret>00(?P<body>[\w-]{40}))(?![\w-])",
                ("SSWS",),
                r"SSWS[ ]{1,3}00[\w-]{40}",
            ),
        ),
        "onesignal-key": (prefixed("a OneSignal key", "os_v2_app_ os_v2_org_", _BASE32, 103),),
        "onfido-token": (prefixed("an Onfido token", "api_live. api_live_us. api_live_ca.", _WORD, 20, 80),),
        "openrouter-key": (prefixed("an OpenRouter key", "sk-or-v1-", _HEX, 64),),
        "openshift-token": (prefixed("an OpenShift token", "sha256~", _WORD, 43),),
        "paddle-key": (
            Shape(
                "a Paddle key",
                r"pdl_live_apikey_[a-z0-9]{26}_(?P<body>[A-Za-z0-9]{22}_[A-Za-z0-9]{3})",
                ("pdl_live_apikey_",),
            ),
        ),
        "pagarme-key": (prefixed("a Pagar.me key", "ak_live_", _ANY, 30),),
        "perplexity-key": (prefixed("a Perplexity key", "pplx-", _ANY, 48),),
        "persona-key": (prefixed("a Persona key", "persona_production_", _NAME, 20, 80),),
        "pinecone-key": (
            Shape("a Pinecone key", r"pcsk_[A-Za-z0-9]{5,6}_(?P<body>[A-Za-z0-9]{63})", ("pcsk_",)),
        ),
        "pinterest-token": (prefixed("a Pinterest token", "pina_", _WORD, 32, 200),),
        "polar-token": (prefixed("a Polar token", "polar_oat_ polar_pat_ polar_at_", _WORD, 20, 100),),
        "posthog-key": (prefixed("a PostHog personal key", "phx_", _ANY, 41, 48),),
        "prefect-key": (prefixed("a Prefect key", "pnu_ pnb_", _ANY, 36),),
        "pubnub-key": (prefixed("a PubNub secret key", "sec-c-", _ANY, 48),),
        "ramp-secret": (prefixed("a Ramp client secret", "ramp_sec_", _ANY, 48),),
        "readme-key": (prefixed("a ReadMe key", "rdme_", _LOWER, 70),),
        "render-key": (prefixed("a Render key", "rnd_", _ANY, 28),),
        "rootly-key": (prefixed("a Rootly key", "rootly_", _HEX, 64),),
        "runpod-key": (prefixed("a RunPod key", "rpa_", _ANY, 46),),
        "salesforce-token": (
            Shape(
                "a Salesforce session",
                r"00[A-Za-z0-9]{13}!(?P<body>[\w.]{80,260})",
                ("!",),
                r"00[A-Za-z0-9]{13}![\w.]{80}",
            ),
        ),
        "samsara-token": (prefixed("a Samsara token", "samsara_api_", _ANY, 26, 32),),
        "scalingo-token": (prefixed("a Scalingo token", "tk-us-", _WORD, 48),),
        "segment-token": (prefixed("a Segment token", "sgp_", _ANY, 64),),
        "settlemint-token": (prefixed("a SettleMint token", "sm_aat_ sm_pat_ sm_sat_", _ANY, 16),),
        "shippo-token": (prefixed("a Shippo token", "shippo_live_", _HEX, 40),),
        "sourcegraph-token": (
            prefixed("a Sourcegraph token", "sgp_ sgp_local_", _HEX, 40),
            prefixed("a Sourcegraph licence key", "slk_", _HEX, 64),
        ),
        "splunk-token": (
            Shape(
                "a Splunk collector's token",
                rf"Splunk[ ]{{1,3}}(?P<secret>(?P<body>{_UUID}))",
                ("Splunk ",),
                rf"Splunk[ ]{{1,3}}{_UUID}",
            ),
        ),
        "stackhawk-key": (
            Shape(
                "a StackHawk key",
                r"hawk\.[\w-]{20}\.(?P<body>[\w-]{20})(?![\w-])",
                ("hawk.",),
                r"hawk\.[\w-]{20}\.[\w-]{20}",
            ),
        ),
        "tailscale-key": (
            Shape(
                "a Tailscale key",
                r"tskey-(?:api|auth|client|scim|webhook)-[A-Za-z0-9]{8,20}-(?P<body>[A-Za-z0-9]{16,40})",
                ("tskey-",),
                r"tskey-(?:api|auth|client|scim|webhook)-[A-Za-z0-9]{8,20}-[A-Za-z0-9]{16}",
            ),
        ),
        "teams-webhook": (
            Shape(
                "a Microsoft Teams webhook address",
                rf"[a-z0-9-]{{1,60}}\.webhook\.office\.com/webhookb2/{_UUID}@{_UUID}/IncomingWebhook/(?P<body>[0-9a-f]{{32}})/{_UUID}",
                ("/IncomingWebhook/",),
                rf"webhook\.office\.com/webhookb2/{_UUID}@{_UUID}/IncomingWebhook/[0-9a-f]{{32}}",
            ),
        ),
        "teamwork-token": (prefixed("a Teamwork token", "tkn.v1_", _ANY, 71),),
        "tencent-key": (Shape("a Tencent Cloud access key id", r"AKID(?P<body>[A-Za-z0-9]{32})", ("AKID",)),),
        "thunderstore-token": (prefixed("a Thunderstore token", "tss_", _ANY, 32, 80),),
        "tines-webhook": (
            Shape(
                "a Tines webhook address",
                r"[\w-]{1,60}\.tines\.com/webhook/[0-9a-f]{32}/(?P<body>[0-9a-f]{32})",
                (".tines.com/webhook/",),
                r"\.tines\.com/webhook/[0-9a-f]{32}/[0-9a-f]{32}",
            ),
        ),
        "together-key": (prefixed("a Together AI key", "tgp_v1_", _WORD, 43),),
        "twitch-token": (Shape("a Twitch chat password", r"oauth:(?P<body>[a-z0-9]{30})", ("oauth:",)),),
        "twitter-token": (
            Shape(
                "a Twitter bearer token",
                r"A{21,22}(?P<body>(?=[A-Za-z0-9]{0,12}%)[A-Za-z0-9%]{80,120})",
                ("AAAAAAAAAAAAAAAAAAAAA",),
                r"A{21}[A-Za-z0-9%]{60}",
            ),
        ),
        "typeform-token": (prefixed("a Typeform token", "tfp_", _WORD, 40, 59),),
        "ubidots-token": (prefixed("an Ubidots token", "BBFF- BBUS-", _ANY, 30),),
        "unkey-key": (prefixed("an Unkey root key", "unkey_", _ANY, 20, 32),),
        "upcloud-token": (prefixed("an UpCloud token", "ucat_", _ANY, 26),),
        "val-town-token": (prefixed("a Val Town token", "vtwn_", _ANY, 20, 80),),
        "vercel-token": (prefixed("a Vercel token", "vcp_ vci_ vca_ vcr_ vck_", _WORD, 56),),
        "voiceflow-key": (
            Shape(
                "a Voiceflow key",
                r"VF\.(?:(?:DM|WS)\.)?[0-9a-f]{24}\.(?P<body>[A-Za-z0-9]{16})",
                ("VF.",),
                r"VF\.(?:(?:DM|WS)\.)?[0-9a-f]{24}\.[A-Za-z0-9]{16}",
            ),
        ),
        "wakatime-key": (prefixed("a WakaTime key", "waka_", _DASHED, 36, 64),),
        "wandb-key": (prefixed("a Weights & Biases key", "wandb_v1_", _NAME, 77),),
        "workato-token": (
            Shape(
                "a Workato token",
                r"wrka[a-z]{0,2}-eyJ[\w-]{8,400}\.[\w-]{16,1000}\.(?P<body>[\w-]{64,700})",
                ("wrka",),
                r"wrka[a-z]{0,2}-eyJ[\w-]{8,400}\.[\w-]{16}",
            ),
        ),
        "xai-key": (prefixed("an xAI key", "xai-", _WORD, 70, 120),),
        "yandex-key": (
            Shape("a Yandex Cloud key", r"AQVN(?P<body>[\w-]{35,38})(?![\w-])", ("AQVN",), r"AQVN[\w-]{35}"),
            Shape(
                "a Yandex Cloud token",
                r"t1\.[\w-]{20,800}={0,2}\.(?P<body>[\w-]{86}={0,2})(?![\w-])",
                ("t1.",),
                r"t1\.[\w-]{20,800}={0,2}\.[\w-]{86}",
            ),
            Shape(
                "a Yandex OAuth token",
                r"y[0-3]_(?P<body>[\w-]{55,58})(?![\w-])",
                (
                    "y0_",
                    "y1_",
                    "y2_",
                    "y3_",
                ),
                r"y[0-3]_[\w-]{55}",
            ),
        ),
        "zapier-webhook": (
            Shape(
                "a Zapier webhook address",
                r"hooks\.zapier\.com/hooks/catch/(?P<body>\d{4,10}/[A-Za-z0-9]{6,10})",
                ("hooks.zapier.com/",),
                r"hooks\.zapier\.com/hooks/catch/\d{4,10}/[A-Za-z0-9]{6}",
            ),
        ),
        "zoho-token": (Shape("a Zoho token", r"1000\.[0-9a-f]{32}\.(?P<body>[0-9a-f]{32})", ("1000.",)),),
        "zuplo-key": (Shape("a Zuplo key", r"zpka_(?P<body>[a-z0-9]{32}_[0-9a-f]{8})", ("zpka_",)),),
    }
)
"""Rule names with their shapes."""
