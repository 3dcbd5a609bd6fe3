"""Providers' tokens by their shapes: prefixes, lengths, alphabets and checksums, as they are documented."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from auto_enforcer.rules.secrets._shared import (
    Shape,
    begins_with_number,
    has_base62_crc32,
    has_hexadecimal_crc32,
)

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_GIVEN = r"""[\w.-]{0,24}["'\]]{0,2}\s{0,4}(?:=>|:=|=|:|,)\s{0,4}["']?"""
"""From a provider's name to the value that a key with this name is given."""

PROVIDERS: Mapping[str, tuple[Shape, ...]] = MappingProxyType(
    {
        "aws-access-key": (
            Shape(
                "an AWS access key id",
                r"(?:AKIA|ASIA|ABIA|ACCA)(?P<body>[A-Z2-7]{16})",
                ("AKIA", "ASIA", "ABIA", "ACCA"),
            ),
            Shape(
                "an Amazon Bedrock API key",
                r"ABSK(?P<body>[A-Za-z0-9+/]{109,269}={0,2})",
                ("ABSK",),
                r"ABSK[A-Za-z0-9+/]{109}",
            ),
        ),
        "github-token": (
            Shape(
                "a GitHub token",
                r"gh[pousr]_(?P<body>[A-Za-z0-9]{36}(?:[A-Za-z0-9]{40})?)",
                ("ghp_", "gho_", "ghu_", "ghs_", "ghr_"),
                r"gh[pousr]_[A-Za-z0-9]{36}",
                has_base62_crc32,
            ),
            Shape(
                "a GitHub fine-grained token",
                r"github_pat_(?P<body>[A-Za-z0-9]{22}_[A-Za-z0-9]{59})",
                ("github_pat_",),
            ),
            Shape(
                "a GitHub installation token",
                r"ghs_\d{1,12}_(?P<body>eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{20,})",
                ("ghs_",),
                r"ghs_\d{1,12}_eyJ",
            ),
        ),
        "gitlab-token": (
            Shape(
                "a GitLab token",
                r"gl(?:pat|dt|ft|soat|ffct|rt|rtr)-(?:t\d_)?(?P<body>[\w-]{20,300}(?:\.[0-9a-z]{2}\.?"
                r"[0-9a-z]{7})?)",
                ("glpat-", "gldt-", "glft-", "glsoat-", "glffct-", "glrt-", "glrtr-"),
                r"gl(?:pat|dt|ft|soat|ffct|rt|rtr)-[\w-]{20}",
            ),
            Shape("a GitLab trigger token", r"glptt-(?P<body>[0-9a-f]{40})", ("glptt-",)),
            Shape("a GitLab mail token", r"glimt-(?P<body>[\w-]{25})", ("glimt-",)),
            Shape("a GitLab agent token", r"glagent-(?P<body>[\w-]{50})", ("glagent-",)),
            Shape("a GitLab application secret", r"gloas-(?P<body>[\w-]{64})", ("gloas-",)),
            Shape(
                "a GitLab job token",
                r"glcbt-[0-9A-Za-z]{1,5}_(?P<body>[\w-]{20})",
                ("glcbt-",),
            ),
            Shape("a GitLab runner registration token", r"GR1348941(?P<body>[\w-]{20})", ("GR1348941",)),
        ),
        "slack-token": (
            Shape(
                "a Slack token",
                r"xox[abeoprs]-(?:\d-)?(?:\d{9,14}-){1,3}(?P<body>[A-Za-z0-9]{18,64})",
                ("xox",),
                r"xox[abeoprs]-(?:\d-)?\d{9,14}-[A-Za-z0-9]{9}",
            ),
            Shape(
                "a Slack legacy token",
                r"xox[ars]-(?:\d-)?(?P<body>(?=[a-z]*\d)[0-9a-zA-Z]{32,48})",
                ("xoxa-", "xoxr-", "xoxs-"),
                r"xox[ars]-(?:\d-)?[0-9a-zA-Z]{32}",
            ),
            Shape(
                "a Slack configuration token",
                r"xoxe(?:\.xox[bp])?-\d-(?P<body>[A-Za-z0-9]{146,170})",
                ("xoxe",),
                r"xoxe(?:\.xox[bp])?-\d-[A-Za-z0-9]{32}",
            ),
            Shape(
                "a Slack session token",
                r"xoxc-(?:\d{9,15}-){3}(?P<body>[0-9a-f]{64})",
                ("xoxc-",),
                r"xoxc-\d{9,15}-\d{9,15}-\d{9,15}-[0-9a-f]{64}",
            ),
            Shape(
                "a Slack session cookie",
                r"xoxd-(?P<body>[\w/+%-]{100,400}={0,2})(?![\w-])",
                ("xoxd-",),
                r"xoxd-[\w/+%-]{100}",
            ),
            Shape(
                "a Slack app token",
                r"xapp-\d-[A-Z0-9]{8,14}-\d{9,14}-(?P<body>[0-9a-f]{64})",
                ("xapp-",),
            ),
        ),
        "slack-webhook": (
            Shape(
                "a Slack webhook address",
                r"hooks\.slack\.com/services/T[A-Z0-9]{7,12}/B[A-Z0-9]{7,12}/(?P<body>[A-Za-z0-9]{18,32})",
                ("hooks.slack.com/services/",),
                r"hooks\.slack\.com/services/T[A-Z0-9]{7,12}/B",
            ),
            Shape(
                "a Slack workflow address",
                r"hooks\.slack\.com/(?:workflows|triggers)/[TE][A-Z0-9]{7,12}/[A-Z0-9]{7,15}"
                r"(?:/\d{15,20})?/(?P<body>[A-Za-z0-9]{20,40})",
                ("hooks.slack.com/",),
                r"hooks\.slack\.com/(?:workflows|triggers)/[TE][A-Z0-9]{7}",
            ),
        ),
        "stripe-key": (
            Shape(
                "a Stripe live key",
                r"(?:sk|rk)_live_(?P<body>[A-Za-z0-9]{16,247})",
                ("_live_",),
                r"(?:sk|rk)_live_[A-Za-z0-9]{16}",
            ),
            Shape(
                "a Stripe webhook secret",
                r"whsec_(?P<body>[A-Za-z0-9+/]{32,88}={0,2})",
                ("whsec_",),
                r"whsec_[A-Za-z0-9+/]{32}",
            ),
        ),
        "google-api-key": (
            Shape("a Google API key", r"AIza(?P<body>[\w-]{35})(?![\w-])", ("AIza",), r"AIza[\w-]{35}"),
            Shape(
                "a Gemini key",
                r"AQ\.Ab8RN6(?P<body>[\w-]{44})(?![\w-])",
                ("AQ.Ab8RN6",),
                r"AQ\.Ab8RN6[\w-]{44}",
            ),
            Shape(
                "a Google OAuth client secret",
                r"GOCSPX-(?P<body>[\w-]{28})(?![\w-])",
                ("GOCSPX-",),
                r"GOCSPX-[\w-]{28}",
            ),
        ),
        "gcp-service-account-key": (
            Shape(
                "a Google Cloud service account's key",
                r"""private_key_id\\?["']\s{0,4}:\s{0,4}\\?["'](?P<secret>(?P<body>[0-9a-f]{40}))""",
                ("private_key_id",),
                r"""private_key_id\\?["']\s{0,4}:\s{0,4}\\?["'][0-9a-f]{40}""",
            ),
        ),
        "openai-key": (
            Shape(
                "an OpenAI key",
                r"sk-(?:(?:proj|svcacct|admin|None)-)?(?P<body>[\w-]{20,200}T3BlbkFJ[\w-]{20,200})",
                ("T3BlbkFJ",),
                r"T3BlbkFJ",
            ),
        ),
        "anthropic-key": (
            Shape(
                "an Anthropic key",
                r"sk-ant-[a-z]{3,6}\d\d-(?P<body>[\w-]{80,120})",
                ("sk-ant-",),
                r"sk-ant-[a-z]{3,6}\d\d-[\w-]{80}",
            ),
        ),
        "hugging-face-token": (
            Shape("a Hugging Face token", r"(?:hf|api_org)_(?P<body>[A-Za-z]{34})", ("hf_", "api_org_")),
        ),
        "groq-key": (Shape("a Groq key", r"gsk_(?P<body>[A-Za-z0-9]{52})", ("gsk_",)),),
        "replicate-token": (Shape("a Replicate token", r"r8_(?P<body>[A-Za-z0-9]{37})", ("r8_",)),),
        "npm-token": (
            Shape("an npm token", r"npm_(?P<body>[A-Za-z0-9]{36})", ("npm_",), "", has_base62_crc32),
            Shape(
                "an npm registry token",
                rf"""_authToken\s{{0,3}}=\s{{0,3}}["']?(?P<secret>(?P<body>{_UUID}))""",
                ("_authToken",),
                r"""_authToken\s{0,3}=\s{0,3}["']?[0-9a-f]{8}-""",
            ),
        ),
        "pypi-token": (
            Shape(
                "a PyPI token",
                # What base64 holds first is the macaroon's location: the index, or the test index.
                r"pypi-(?:AgEIcHlwaS5vcmc|AgENdGVzdC5weXBpLm9yZw)(?P<body>[\w-]{50,1000})",
                ("pypi-AgE",),
                r"pypi-AgE(?:IcHlwaS5vcmc|NdGVzdC5weXBpLm9yZw)[\w-]{50}",
            ),
        ),
        "rubygems-key": (Shape("a RubyGems key", r"rubygems_(?P<body>[0-9a-f]{48})", ("rubygems_",)),),
        "crates-io-token": (
            Shape("a token of the Rust registry", r"cio(?P<body>[A-Za-z0-9]{32})", ("cio",)),
        ),
        "nuget-key": (Shape("a NuGet key", r"oy2(?P<body>[a-z2-7]{43})", ("oy2",)),),
        "docker-hub-token": (
            Shape(
                "a Docker Hub token",
                r"dckr_(?:pat_(?P<body>[\w-]{27})|oat_[\w-]{32})(?![\w-])",
                ("dckr_",),
                r"dckr_[po]at_[\w-]{27}",
            ),
        ),
        "sendgrid-key": (
            Shape(
                "a SendGrid key",
                r"SG\.(?P<body>[\w-]{22}\.[\w-]{43})(?![\w-])",
                ("SG.",),
                r"SG\.[\w-]{22}\.[\w-]{43}",
            ),
        ),
        "mailgun-key": (
            Shape("a Mailgun key", r"key-(?P<body>[0-9a-f]{32})", ("key-",)),
            Shape(
                "a Mailgun key",
                r"(?P<body>[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8})(?!-)",
                ("-",),
                r"[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8}",
            ),
        ),
        "mailchimp-key": (
            Shape("a Mailchimp key", r"(?P<body>[0-9a-f]{32})-us\d{1,2}", ("-us",), r"[0-9a-f]{32}-us\d"),
        ),
        "brevo-key": (
            Shape(
                "a Brevo key",
                r"x(?:keysib|smtpsib)-(?P<body>[0-9a-f]{64}-[A-Za-z0-9]{16})",
                ("xkeysib-", "xsmtpsib-"),
            ),
        ),
        "twilio-key": (Shape("a Twilio API key", r"SK(?P<body>[0-9a-f]{32})", ("SK",)),),
        "telegram-token": (
            Shape(
                "a Telegram bot token",
                r"\d{8,10}:(?P<body>AA[\w-]{33})(?![\w-])",
                (":AA",),
                r"\d{8,10}:AA[\w-]{33}",
            ),
        ),
        "discord-token": (
            Shape(
                "a Discord bot token",
                r"[MNO][\w-]{23,25}\.(?P<body>[\w-]{6}\.[\w-]{27,38})(?![\w-])",
                (".",),
                r"[MNO][\w-]{23,25}\.[\w-]{6}\.[\w-]{27}",
                begins_with_number,
            ),
        ),
        "discord-webhook": (
            Shape(
                "a Discord webhook address",
                r"discord(?:app)?\.com/api/(?:v\d+/)?webhooks/\d{17,20}/(?P<body>[\w-]{60,72})",
                ("/webhooks/",),
                r"discord(?:app)?\.com/api/(?:v\d+/)?webhooks/\d{17,20}/[\w-]{60}",
            ),
        ),
        "azure-storage-key": (
            Shape(
                "an Azure storage account's key",
                r"""(?i:account_?key|storage[\w-]{0,20}key|access_?key)["']?\s{0,3}[=:,]\s{0,3}["']?"""
                r"""(?P<secret>(?P<body>[A-Za-z0-9+/]{86}==))""",
                ("==",),
                r"[A-Za-z0-9+/]{86}==",
                bare=True,
            ),
            Shape(
                "an Azure shared access key",
                r"SharedAccessKey=(?P<secret>(?P<body>[A-Za-z0-9+/]{43}=))",
                ("SharedAccessKey=",),
                r"SharedAccessKey=[A-Za-z0-9+/]{43}=",
                bare=True,
            ),
        ),
        "azure-sas": (
            Shape(
                "an Azure shared access signature",
                r"[?&;]sig=(?P<secret>(?P<body>(?:[A-Za-z0-9+/]|%2[BbFf]){43}(?:=|%3[Dd])))",
                ("sig=",),
                r"[?&;]sig=[A-Za-z0-9+/%]{43}",
                bare=True,
            ),
        ),
        "azure-client-secret": (
            Shape(
                "an Azure AD client secret",
                r"(?<![\w~.-])(?P<body>[A-Za-z0-9_~.]{3}\dQ~[\w~.-]{31,34})(?![\w~-])",
                ("Q~",),
                r"\dQ~[\w~.-]{31}",
                bare=True,
            ),
        ),
        "azure-devops-token": (
            Shape(
                "an Azure DevOps token",
                r"(?P<body>[A-Za-z0-9]{76})AZDO[A-Za-z0-9]{4}",
                ("AZDO",),
                r"[A-Za-z0-9]{16}AZDO[A-Za-z0-9]{4}",
            ),
        ),
        "digitalocean-token": (
            Shape("a DigitalOcean token", r"do[opr]_v1_(?P<body>[0-9a-f]{64})", ("_v1_",)),
        ),
        "heroku-key": (
            Shape(
                "a Heroku key",
                r"HRKU-AA(?P<body>[\w-]{58})(?![\w-])",
                ("HRKU-AA",),
                r"HRKU-AA[\w-]{58}",
            ),
            Shape(
                "a Heroku key",
                rf"(?i:heroku){_GIVEN}(?P<secret>(?P<body>{_UUID}))",
                ("eroku", "EROKU"),
                rf"(?i:heroku){_GIVEN}[0-9a-f]{{8}}-",
                bare=True,
            ),
        ),
        "cloudflare-token": (
            Shape(
                "a Cloudflare token",
                r"cf(?:k|ut|at)_(?P<body>[A-Za-z0-9]{40}[0-9a-f]{8})",
                ("cfk_", "cfut_", "cfat_"),
            ),
            Shape(
                "a Cloudflare origin key",
                r"v1\.0-(?P<body>[0-9a-f]{24}-[0-9a-f]{146})",
                ("v1.0-",),
                r"v1\.0-[0-9a-f]{24}-[0-9a-f]{32}",
            ),
            Shape(
                "a Cloudflare token",
                rf"(?:CLOUDFLARE|[Cc]loud[Ff]lare|\bCF){_GIVEN}(?P<secret>(?P<body>[\w-]{{40}}|"
                rf"[0-9a-f]{{37}}))(?![\w-])",
                ("LOUDFLARE", "loudflare", "loudFlare", "CF"),
                rf"(?:CLOUDFLARE|[Cc]loud[Ff]lare|\bCF){_GIVEN}[\w-]{{37}}",
                bare=True,
            ),
        ),
        "netlify-token": (
            Shape("a Netlify token", r"nf[pco]_(?P<body>[A-Za-z0-9]{36})", ("nfp_", "nfc_", "nfo_")),
        ),
        "supabase-key": (
            Shape("a Supabase token", r"sbp_(?P<body>[0-9a-f]{40})", ("sbp_",)),
            Shape(
                "a Supabase secret key",
                r"sb_secret_(?P<body>[\w-]{31,36})",
                ("sb_secret_",),
                r"sb_secret_[\w-]{31}",
            ),
        ),
        "planetscale-token": (
            Shape(
                "a PlanetScale token",
                r"pscale_(?:tkn|pw|oauth)_(?P<body>[\w=.-]{32,64})",
                ("pscale_",),
                r"pscale_(?:tkn|pw|oauth)_[\w=.-]{32}",
            ),
        ),
        "databricks-token": (
            Shape(
                "a Databricks token", r"dapi(?P<body>[0-9a-f]{32})(?:-\d)?", ("dapi",), r"dapi[0-9a-f]{32}"
            ),
        ),
        "datadog-key": (
            Shape(
                "a Datadog key",
                r"""(?i:datadog|\bdd)[_-]?(?i:api|app|application)[_-]?(?i:key)["'\]]{0,2}\s{0,4}(?:=>"""
                r"""|:=|=|:|,)\s{0,4}["']?(?P<secret>(?P<body>[0-9a-f]{40}|[0-9a-f]{32}))""",
                ("og", "OG", "DD", "dd"),
                r"""(?i:datadog|\bdd)[_-]?(?i:api|app|application)[_-]?(?i:key)["'\]]{0,2}\s{0,4}(?:=>"""
                r"""|:=|=|:|,)\s{0,4}["']?[0-9a-f]{32}""",
            ),
        ),
        "new-relic-key": (
            Shape("a New Relic user key", r"NRAK-(?P<body>[A-Z0-9]{27})", ("NRAK-",)),
            Shape("a New Relic insert key", r"NRI[IQ]-(?P<body>[\w-]{32})", ("NRII-", "NRIQ-")),
            Shape(
                "a New Relic licence key",
                r"(?P<body>[0-9a-f]{36})(?:FFFF)?NRAL",
                ("NRAL",),
                r"[0-9a-f]{36}(?:FFFF)?NRAL",
            ),
        ),
        "grafana-token": (
            Shape(
                "a Grafana service account token",
                r"glsa_(?P<body>[A-Za-z0-9]{32}_[0-9a-fA-F]{8})",
                ("glsa_",),
            ),
            Shape(
                "a Grafana Cloud token",
                r"glc_(?P<body>eyJ[A-Za-z0-9+/]{32,400}={0,2})",
                ("glc_eyJ",),
                r"glc_eyJ[A-Za-z0-9+/]{32}",
            ),
            Shape(
                "a Grafana API key",
                r"eyJrIjoi(?P<body>[A-Za-z0-9]{60,400}={0,3})",
                ("eyJrIjoi",),
                r"eyJrIjoi[A-Za-z0-9]{60}",
            ),
        ),
        "sentry-token": (
            Shape(
                "a Sentry organization token",
                r"sntrys_(?P<body>eyJ[\w+/-]{30,400}={0,2}_[\w+/-]{43})",
                ("sntrys_",),
                r"sntrys_eyJ[\w+/-]{30}",
            ),
            Shape("a Sentry user token", r"sntry[ua]_(?P<body>[0-9a-f]{64})", ("sntryu_", "sntrya_")),
        ),
        "shopify-token": (
            Shape("a Shopify token", r"shp(?:at|ca|pa|ss|it)_(?P<body>[0-9a-fA-F]{32})", ("shp",)),
        ),
        "square-token": (
            Shape(
                "a Square token",
                r"sq0(?:atp-(?P<body>[\w-]{22})|csp-[\w-]{43})(?![\w-])",
                ("sq0",),
                r"sq0(?:atp|csp)-[\w-]{22}",
            ),
            Shape(
                "a Square access token",
                r"(?<![\w+/-])EAAA(?P<body>[\w-]{60})(?![\w+/=-])",
                ("EAAA",),
                r"EAAA[\w-]{60}",
                bare=True,
            ),
        ),
        "braintree-token": (
            Shape(
                "a Braintree token",
                r"access_token\$production\$(?P<body>[0-9a-z]{16}\$[0-9a-f]{32})",
                ("access_token$production$",),
            ),
        ),
        "plaid-token": (
            Shape("a Plaid access token", rf"access-production-(?P<body>{_UUID})", ("access-production-",)),
        ),
        "linear-key": (
            Shape("a Linear key", r"lin_api_(?P<body>[A-Za-z0-9]{40})", ("lin_api_",)),
            Shape("a Linear OAuth token", r"lin_oauth_(?P<body>[0-9a-f]{64})", ("lin_oauth_",)),
        ),
        "notion-token": (
            Shape("a Notion token", r"ntn_(?P<body>\d{11}[A-Za-z0-9]{35})", ("ntn_",)),
            Shape("a Notion token", r"secret_(?P<body>[A-Za-z0-9]{43})", ("secret_",)),
        ),
        "figma-token": (
            Shape(
                "a Figma token",
                r"fig[dou]r?_(?P<body>[\w-]{40,46})(?![\w-])",
                ("fig",),
                r"fig[dou]r?_[\w-]{40}",
            ),
        ),
        "airtable-token": (
            Shape("an Airtable token", r"pat(?P<body>[A-Za-z0-9]{14}\.[0-9a-f]{64})", ("pat",)),
        ),
        "asana-token": (
            Shape("an Asana token", r"[12]/\d{15,17}(?:/\d{15,17})?:(?P<body>[0-9a-f]{32})", ("/",)),
        ),
        "atlassian-token": (
            Shape(
                "an Atlassian API token",
                r"AT(?:ATT|CTT)3(?P<body>[\w-]{60,260}=[0-9A-F]{8})",
                ("ATATT3", "ATCTT3"),
                r"AT(?:ATT|CTT)3[\w-]{60}",
                has_hexadecimal_crc32,
            ),
            Shape("a Bitbucket app password", r"ATBB(?P<body>[A-Za-z0-9]{24}[0-9A-F]{8})", ("ATBB",)),
        ),
        "postman-key": (Shape("a Postman key", r"PMAK-(?P<body>[0-9a-f]{24}-[0-9a-f]{34})", ("PMAK-",)),),
        "vault-token": (
            Shape(
                "a Vault token",
                r"hv[sbr]\.(?P<body>[\w-]{24,300})(?![\w-])",
                ("hvs.", "hvb.", "hvr."),
                r"hv[sbr]\.[\w-]{24}",
            ),
            Shape(
                "a Vault token",
                rf"(?i:vault){_GIVEN}(?P<secret>s\.(?P<body>[A-Za-z0-9]{{24}}))(?![A-Za-z0-9])",
                ("s.",),
                rf"(?i:vault){_GIVEN}s\.[A-Za-z0-9]{{24}}",
                bare=True,
            ),
        ),
        "terraform-cloud-token": (
            Shape(
                "a Terraform Cloud token",
                r"(?P<body>[A-Za-z0-9]{14})\.atlasv1\.[\w-]{60,70}",
                (".atlasv1.",),
                r"\.atlasv1\.[\w-]{60}",
            ),
        ),
        "pulumi-token": (Shape("a Pulumi token", r"pul-(?P<body>[0-9a-f]{40})", ("pul-",)),),
        "doppler-token": (
            Shape(
                "a Doppler token",
                r"dp\.(?:pt|st|ct|sa|scim|audit)\.(?:[a-z0-9_-]{2,35}\.)?(?P<body>[A-Za-z0-9]{40,44})",
                ("dp.",),
                r"dp\.(?:pt|st|ct|sa|scim|audit)\.(?:[a-z0-9_-]{2,35}\.)?[A-Za-z0-9]{40}",
            ),
        ),
        "onepassword-token": (
            Shape(
                "a 1Password service account token",
                r"ops_(?P<body>eyJ[A-Za-z0-9+/_-]{250,2000}={0,3})",
                ("ops_eyJ",),
                r"ops_eyJ[A-Za-z0-9+/_-]{100}",
            ),
            Shape(
                "a 1Password secret key",
                r"A3-(?P<body>[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})(?:-[A-Z0-9]{5}){3})",
                ("A3-",),
                r"A3-[A-Z0-9]{6}-[A-Z0-9]{6}[A-Z0-9-][A-Z0-9]{4}",
            ),
        ),
        "artifactory-token": (
            Shape("an Artifactory key", r"AKCp(?P<body>[A-Za-z0-9]{69})", ("AKCp",)),
            Shape("an Artifactory reference token", r"cmVmd(?P<body>[A-Za-z0-9]{59})", ("cmVmd",)),
        ),
        "sonar-token": (Shape("a Sonar token", r"sq[aup]_(?P<body>[0-9a-f]{40})", ("squ_", "sqp_", "sqa_")),),
        "circleci-token": (
            Shape(
                "a CircleCI token",
                r"CCI(?:PAT|PRJ)_(?P<body>[A-Za-z0-9]{22}_[0-9a-f]{40})",
                ("CCIPAT_", "CCIPRJ_"),
            ),
        ),
        "buildkite-token": (
            Shape("a Buildkite token", r"bk(?:ua|ct|pt)_(?P<body>[0-9a-f]{40})", ("bkua_", "bkct_", "bkpt_")),
        ),
        "contentful-token": (
            Shape(
                "a Contentful token", r"CFPAT-(?P<body>[\w-]{43})(?![\w-])", ("CFPAT-",), r"CFPAT-[\w-]{43}"
            ),
        ),
        "dynatrace-token": (
            Shape("a Dynatrace token", r"dt0[a-z]\d\d\.(?P<body>[A-Z2-7]{24}\.[A-Z2-7]{64})", ("dt0",)),
        ),
        "mapbox-token": (
            Shape(
                "a Mapbox secret token",
                r"sk\.eyJ(?P<body>[\w-]{40,200}\.[\w-]{22})(?![\w-])",
                ("sk.eyJ",),
                r"sk\.eyJ[\w-]{40}",
            ),
        ),
        "alibaba-key": (
            Shape("an Alibaba Cloud access key id", r"LTAI(?P<body>[A-Za-z0-9]{12,20})", ("LTAI",)),
            Shape(
                "an Alibaba Cloud session's id",
                r"STS\.(?P<body>[A-Za-z0-9]{16,64})",
                ("STS.",),
                r"STS\.[A-Za-z0-9]{16}",
            ),
        ),
    }
)
"""Rule names with their shapes."""

TEST_KEYS: Mapping[str, tuple[Shape, ...]] = MappingProxyType(
    {
        "stripe-test-key": (
            Shape(
                "a Stripe test key",
                r"(?:sk|rk)_test_(?P<body>[A-Za-z0-9]{16,247})",
                ("_test_",),
                r"(?:sk|rk)_test_[A-Za-z0-9]{16}",
            ),
        ),
    }
)
"""Keys that reach no real account."""
