"""Tokens that have no form of their own: a provider's name beside the value tells whose it is."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from auto_enforcer.rules.secrets._shared import Shape

_HEX20, _HEX30, _HEX32 = r"[0-9a-f]{20}", r"[0-9a-f]{30}", r"[0-9a-fA-F]{32}"
_HEX40, _HEX64 = r"[0-9a-f]{40}", r"[0-9a-f]{64}"
_ANY16, _ANY24, _ANY25, _ANY30 = (rf"[A-Za-z0-9]{{{size}}}" for size in (16, 24, 25, 30))
_ANY32, _ANY40, _ANY50, _ANY64 = (rf"[A-Za-z0-9]{{{size}}}" for size in (32, 40, 50, 64))
_UUID = r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"

_WORDS = "key|secret|token|pat|password|passwd|auth|credential"
_GIVEN = (
    rf"[\w.-]{{0,20}}(?i:{_WORDS})s?(?:[_-]?\d)?"
    r"""\\?["'`\]]{0,2}[ \t]{0,4}(?:=>|:=|=|:|,|\()[ \t]{0,4}\\?["'`]?"""
)
"""From a provider's name to the value: the rest of the name, which says that it is a secret, and a sign."""
_FOR_ALL = r"(?![\w.-]{0,20}(?i:public|publishable|search|site))"
"""What a provider gives to everybody has other names."""


def _spellings(name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """How programs write a provider's name: as a word of its own, and as one that begins with a capital."""
    parts = name.split()
    lower = [part.lower() for part in parts]
    apart = {
        joint.join(form) for joint in ("", "_", "-") for form in (lower, [part.upper() for part in parts])
    }
    apart.add("".join([lower[0], *parts[1:]]))
    humps = {"".join(parts), "".join(lower).capitalize(), "".join(part.capitalize() for part in lower)}
    return tuple(sorted(apart)), tuple(sorted(humps - apart))


def named(kind: str, names: str, value: str) -> Shape:
    """A value of the form `value`, given to a secret's name that holds one of the names (`,` between them).
    `value` is an `re` pattern, with a group `body` around what differs from one to the next unless that is
    all of it."""
    if "(?P<body>" not in value:
        value = f"(?P<body>{value})"
    spelt = [_spellings(name) for name in names.split(", ")]
    apart = tuple(dict.fromkeys(one for words, _ in spelt for one in words))
    humps = tuple(dict.fromkeys(one for _, words in spelt for one in words))
    begun = rf"(?<![A-Za-z])(?:{'|'.join(apart)})"
    if humps:
        begun = rf"(?:{begun}|(?<![A-Z])(?:{'|'.join(humps)}))"
    return Shape(
        kind,
        rf"{begun}{_FOR_ALL}{_GIVEN}(?P<secret>{value})(?![\w+/=-])",
        apart + humps,
        # The scanner is told no more than it needs to make hits rare, and nothing that it would have to
        # count: a hundred counters make its database five times as large.
        rf"(?:{'|'.join(apart + humps)}){_GIVEN.replace('{0,20}', '*')}[\w$*+/<{{-]",
        bare=True,
    )


def _key(name: str, value: str, *more: str) -> Shape:
    """A key of a service, told by its name or by others that it goes by, `more`."""
    article = "an" if name[0] in "AEIOU" else "a"
    return named(f"{article} {name} key", ", ".join((name.replace(".", ""), *more)), value)


NAMED: Mapping[str, tuple[Shape, ...]] = MappingProxyType(
    {
        "algolia-key": (named("an Algolia key", "Algolia", _HEX32),),
        "alibaba-key": (named("an Alibaba Cloud key's secret", "Alibaba, Aliyun", _ANY30),),
        "asana-token": (named("an Asana client secret", "Asana", _HEX32),),
        "auth0-secret": (named("an Auth0 client secret", "Auth0", r"[\w-]{64}"),),
        "circleci-token": (named("a CircleCI token", "CircleCI, Circle CI, Circle", _HEX40),),
        "coinbase-key": (named("a Coinbase key", "Coinbase", r"[\w-]{64}|[A-Za-z0-9]{32}"),),
        "contentful-token": (named("a Contentful token", "Contentful", r"[\w-]{43}"),),
        "discord-token": (named("a Discord client secret", "Discord", r"[\w-]{32}"),),
        "dropbox-token": (
            named("a Dropbox secret", "Dropbox", r"[a-z0-9]{11}AAAAAAAAAA[\w=-]{43}|[a-z0-9]{15}"),
        ),
        "facebook-token": (named("a Facebook app secret", "Facebook, FB", _HEX32),),
        "fastly-token": (named("a Fastly token", "Fastly", r"[\w-]{32}"),),
        "launchdarkly-key": (
            named("a LaunchDarkly token", "Launch Darkly, LD", rf"(?:api|sdk)-(?P<body>{_UUID})"),
        ),
        "linkedin-secret": (named("a LinkedIn client secret", "Linked In", _ANY16),),
        "mongodb-atlas-key": (named("a MongoDB Atlas private key", "Atlas", _UUID),),
        "okta-token": (named("an Okta token", "Okta", r"00(?P<body>[\w-]{40})"),),
        "pagerduty-key": (
            named("a PagerDuty key", "Pager Duty, PD", r"u\+[\w+-]{18}|[\w+-]{20}|[0-9a-f]{32}"),
        ),
        "paypal-secret": (named("a PayPal client secret", "Pay Pal", r"E(?P<body>[\w-]{79})"),),
        "plaid-token": (named("a Plaid secret", "Plaid", _HEX30),),
        "sentry-token": (named("a Sentry token", "Sentry", _HEX64),),
        "snowflake-token": (named("a Snowflake token", "Snowflake", r"[\w-]{100,500}"),),
        "sonar-token": (named("a Sonar token", "Sonar, SonarQube, SonarCloud", _HEX40),),
        "splunk-token": (named("a Splunk collector's token", "Splunk, HEC", _UUID),),
        "spotify-secret": (named("a Spotify client secret", "Spotify", _HEX32),),
        "tencent-key": (named("a Tencent Cloud key's secret", "Tencent, TencentCloud, QCloud", _ANY32),),
        "travis-token": (named("a Travis CI token", "Travis", r"[\w-]{22}"),),
        "twilio-key": (named("a Twilio auth token", "Twilio", _HEX32),),
        "twitch-token": (named("a Twitch client secret", "Twitch", r"[a-z0-9]{30}"),),
        "twitter-token": (
            named(
                "a Twitter secret",
                "Twitter",
                r"\d{15,20}-[A-Za-z0-9]{20,40}|[A-Za-z0-9]{45}|[A-Za-z0-9]{50}|[A-Za-z0-9]{25}",
            ),
        ),
        "vercel-token": (named("a Vercel token", "Vercel", _ANY24),),
        "yandex-key": (named("a Yandex Cloud secret key", "Yandex, YC", r"YC(?P<body>[\w-]{38})"),),
        "service-key": (
            _key("Airbrake", _HEX32),
            _key("Amplitude", _HEX32),
            _key("AssemblyAI", _HEX32),
            _key("Bitbucket", r"[\w-]{64}|[\w-]{32}"),
            _key("Bitly", _HEX40),
            _key("Bittrex", _HEX32),
            _key("Box", _ANY32),
            _key("Bugsnag", _HEX32),
            _key("Civo", _ANY50),
            _key("Cloudinary", r"[\w-]{27}"),
            _key("Codecov", rf"{_UUID}|[0-9a-f]{{32}}"),
            _key("Cohere", _ANY40),
            _key("Confluent", r"[A-Za-z0-9+/]{64}"),
            _key("Coveralls", r"[A-Za-z0-9]{33,37}"),
            _key("Databento", r"db-(?P<body>[A-Za-z0-9]{29})"),
            _key("Deepgram", _HEX40),
            _key("DeepSeek", r"sk-(?P<body>[0-9a-f]{32})", "Deep Seek"),
            _key("Disqus", _ANY64),
            _key("Drone", _ANY32, "DroneCI"),
            _key("Etherscan", r"[A-Z0-9]{34}", "BscScan"),
            _key("Etsy", r"[a-z0-9]{24}"),
            _key("Exoscale", r"EXO[A-Za-z0-9]{24,30}|[\w-]{43}"),
            _key("Finnhub", r"[a-z0-9]{20}"),
            _key("Flickr", r"[0-9a-f]{32}|[0-9a-f]{16}"),
            _key("FreshBooks", _HEX64),
            _key("Gitea", _HEX40),
            _key("Gitter", _HEX40),
            _key("GoCardless", r"live_(?P<body>[\w-]{40})", "Go Cardless"),
            _key("Gumroad", r"[\w-]{43}|[0-9a-f]{64}"),
            _key("Honeycomb", r"[A-Za-z0-9]{22}|[0-9a-f]{32}"),
            _key("HubSpot", _UUID),
            _key("IBM Cloud", r"[\w-]{44}", "IBM"),
            _key("InfluxDB", r"[\w+/-]{86,88}={0,2}", "Influx"),
            _key("Infura", _HEX32),
            _key("Intercom", r"[A-Za-z0-9+/]{59}=|[A-Za-z0-9]{60}"),
            _key("ipstack", _HEX32),
            _key("JFrog", r"[A-Za-z0-9]{73}|[A-Za-z0-9]{64}", "Artifactory"),
            _key("JumpCloud", _ANY40),
            _key("Kraken", r"[A-Za-z0-9+/]{80,88}={0,2}"),
            _key("KuCoin", _UUID),
            _key("Lob", r"live_(?P<body>[0-9a-f]{35})"),
            _key("Looker", _ANY24),
            _key("Mailjet", _HEX32),
            _key("Mattermost", r"[a-z0-9]{26}"),
            _key("Meraki", _HEX40),
            _key("MessageBird", _ANY25, "Message Bird"),
            _key("Mistral", _ANY32),
            _key("Moonshot", r"sk-(?P<body>[A-Za-z0-9]{48})", "Kimi"),
            _key("Netlify", r"[\w-]{43,46}"),
            _key("New Relic", r"[A-Za-z0-9]{64}|[A-Za-z0-9]{40}"),
            _key("New York Times", _ANY32, "NYTimes"),
            _key("Ollama", r"[0-9a-f]{32}\.[\w-]{24}"),
            _key("OpenWeather", _HEX32, "OpenWeatherMap", "OWM"),
            _key("Opsgenie", _UUID),
            _key("OVH", _ANY32),
            _key("Plivo", _ANY40),
            _key("Postmark", _UUID),
            _key("Pusher", _HEX20),
            _key("RapidAPI", r"[A-Za-z0-9]{50}", "Rapid API"),
            _key("reCAPTCHA", r"6L(?P<body>[\w-]{38})", "Captcha"),
            _key("Rollbar", _HEX32),
            _key("Scaleway", _UUID, "SCW"),
            _key("Sendbird", _HEX40),
            _key("Snyk", _UUID),
            _key("SSLMate", r"[A-Za-z0-9]{36}"),
            _key("Stability", r"sk-(?P<body>[A-Za-z0-9]{48})"),
            _key("Sumo Logic", _ANY64, "Sumo"),
            _key("Telnyx", r"KEY(?P<body>[\w-]{55})"),
            _key("Tiingo", _HEX40),
            _key("Todoist", _HEX40),
            _key("TomTom", _ANY32),
            _key("Trello", _HEX64),
            _key("Unsplash", r"[\w-]{43}"),
            _key("Upstage", r"[A-Za-z0-9]{40,50}"),
            _key("Vonage", _ANY16, "Nexmo"),
            _key("Vultr", r"[A-Z0-9]{36}"),
            _key("Weatherstack", _HEX32),
            _key("WandB", _HEX40),
            _key("Zendesk", _ANY40),
            _key("ZeroTier", _ANY32),
            _key("Zhipu", r"[0-9a-f]{32}\.[A-Za-z0-9]{16}", "ZAI", "GLM"),
        ),
    }
)
"""Rule names with their shapes; where the rule has shapes of its own, too, these are added to them."""
