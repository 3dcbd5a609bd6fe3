"""The packages that are read: CPython's library, and twenty well-kept ones each of PyPI and npm."""

from __future__ import annotations

from oracle.corpus import Source

_PYPI = """
aiohttp==3.14.5 attrs==26.1.0 black==26.10.1 celery==5.7.0 click==8.5.1 django==5.2.19 fastapi==0.165.0
flask==3.1.3 httpx==0.28.1 jinja2==3.1.6 numpy==2.4.6 packaging==26.3 poetry-core==2.5.0 pydantic==2.14.3
pytest==9.2.0 requests==2.34.2 rich==15.0.0 sqlalchemy==2.1.9 tornado==6.6.1 urllib3==2.8.0
"""

_NPM = """
@typescript-eslint/eslint-plugin@8.73.0 axios@1.21.1 chalk@5.6.2 commander@14.0.3 debug@4.4.3 eslint@10.15.0
express@5.3.0 fastify@5.12.8 got@14.6.6 lodash@4.18.1 prettier@3.10.1 rxjs@7.8.2 semver@7.8.6 socket.io@4.8.4
undici@7.30.2 uuid@14.0.3 vite@8.3.8 ws@8.23.0 yargs@18.2.0 zod@4.6.7
"""

PACKAGES: tuple[Source, ...] = (
    Source("python", "", "", 0),
    *(Source("pypi", package, "", 0) for package in _PYPI.split()),
    *(Source("npm", package, "", 0) for package in _NPM.split()),
)
"""Whole packages: of a source's fields only `registry` and `package` count here."""
