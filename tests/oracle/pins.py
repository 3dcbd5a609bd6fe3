"""Which files of which packages are read for each language, 200 where there are so many."""

from __future__ import annotations

from oracle.corpus import Source


def _npm(package: str, pattern: str, count: int) -> Source:
    return Source("npm", package, pattern, count)


def _pypi(package: str, pattern: str, count: int) -> Source:
    return Source("pypi", package, pattern, count)


def _debian(package: str, pattern: str, count: int) -> Source:
    return Source("debian", package, pattern, count)


PINS: dict[str, tuple[Source, ...]] = {
    "python": (Source("python", "", r"\.py$", 200),),
    "javascript": (
        _npm("express@4.18.2", r"\.js$", 12),
        _npm("lodash@4.17.21", r"\.js$", 30),
        _npm("webpack@5.90.0", r"\.js$", 50),
        _npm("eslint@8.56.0", r"\.js$", 50),
        _npm("uikit@3.18.3", r"/src/.*\.js$", 38),
        _npm("dojo@1.17.3", r"\.js$", 20),
    ),
    "javascriptreact": (_npm("@salesforce/design-system-react@0.10.50", r"\.jsx$", 200),),
    "typescript": (
        _npm("rxjs@7.8.1", r"\.ts$", 60),
        _npm("antd@4.24.15", r"\.ts$", 20),
        _npm("matrix-react-sdk@3.90.0", r"\.ts$", 60),
        _debian("node-typescript=4.8.4+ds1-2", r"/src/.*\.ts$", 60),
    ),
    "typescriptreact": (
        _npm("matrix-react-sdk@3.90.0", r"\.tsx$", 120),
        _npm("@wordpress/components@27.0.0", r"\.tsx$", 80),
    ),
    "java": (
        _npm("react-native@0.64.2", r"\.java$", 70),
        _debian("antlr4=4.7.2-5", r"\.java$", 60),
        _debian("groovy=2.4.21-8", r"\.java$", 70),
    ),
    "kotlin": (
        _npm("expo-modules-core@1.11.9", r"\.kt$", 80),
        _npm("react-native@0.73.2", r"\.kts?$", 40),
        _debian("kotlin=1.3.31+ds1-1", r"/(libraries|plugins|idea)/.*\.kts?$", 80),
    ),
    "scala": (
        _debian("scala=2.11.12-5", r"src/library/.*\.scala$", 100),
        _debian("scala=2.11.12-5", r"src/compiler/.*\.scala$", 100),
    ),
    "groovy": (
        _debian("groovy=2.4.21-8", r"\.(groovy|gradle)$", 160),
        _debian("kotlin=1.3.31+ds1-1", r"\.gradle$", 40),
    ),
    "c": (
        _npm("libxmljs@0.19.10", r"\.[ch]$", 60),
        _npm("node-rdkafka@2.18.0", r"\.[ch]$", 50),
        _npm("nodegit@0.27.0", r"\.[ch]$", 50),
        _debian("git=1:2.39.5-0+deb12u3", r"\.[ch]$", 40),
    ),
    "cpp": (
        _npm("rocksdb@5.2.1", r"\.(cc|h|cpp)$", 70),
        _npm("react-native@0.73.2", r"\.cpp$", 60),
        _debian("cmake=3.25.1-1", r"\.(cxx|hpp|hxx)$", 50),
        _debian("fmtlib=9.1.0+ds1-2", r"\.cc$", 20),
    ),
    "objective-c": (
        _npm("react-native@0.64.2", r"\.mm?$", 100),
        _debian("gnustep-base=1.28.1+really1.28.0-5", r"Source/.*\.m$", 100),
    ),
    "csharp": (
        _npm("react-native-windows@0.57.2", r"\.cs$", 100),
        _debian("keepass2=2.47+dfsg-2", r"\.cs$", 100),
    ),
    "go": (
        _debian("golang-golang-x-tools=1:0.5.0+ds-1", r"\.go$", 100),
        _debian("docker.io=20.10.24+dfsg1-1+deb12u1", r"\.go$", 100),
    ),
    "rust": (
        _debian("cargo=0.66.0+ds1-1", r"^cargo.*\.rs$", 100),
        _debian("cargo=0.66.0+ds1-1", r"^vendor/.*\.rs$", 100),
    ),
    "swift": (
        _npm("expo-modules-core@1.11.9", r"\.swift$", 80),
        _npm("lottie-ios@3.4.0", r"\.swift$", 80),
        _npm("@capacitor/ios@5.6.0", r"\.swift$", 40),
    ),
    "dart": (
        _debian("flatbuffers=2.0.8+dfsg1-2", r"\.dart$", 60),
        _debian("thrift=0.17.0-2", r"\.dart$", 140),
        _pypi("flet-charts==1.0.5", r"\.dart$", 40),
        _pypi("flet-map==1.0.5", r"\.dart$", 40),
        _pypi("flet-webview==1.0.5", r"\.dart$", 40),
        _pypi("flet-video==1.0.5", r"\.dart$", 40),
        _pypi("flet-datatable2==1.0.5", r"\.dart$", 40),
    ),
    "php": (
        _debian("php-twig=3.5.1-1+deb12u3", r"\.php$", 60),
        _debian("composer=2.5.5-1+deb12u5", r"\.php$", 60),
        _debian("php-laravel-framework=8.83.26+dfsg-2", r"\.php$", 60),
        _npm("@wordpress/block-library@9.0.0", r"\.php$", 20),
    ),
    "ruby": (
        _debian("thrift=0.17.0-2", r"\.rb$", 80),
        _debian("rubocop=1.39.0+dfsg-1", r"\.rb$", 80),
        _npm("react-native@0.73.2", r"\.(rb|podspec)$", 40),
    ),
    "perl": (
        _debian("libmojolicious-perl=9.31+dfsg-1", r"\.(pm|t)$", 80),
        _debian("libmoose-perl=2.2203-1", r"\.(pm|t|pl)$", 60),
        _npm("exiftool-vendored.pl@12.76.0", r"\.(pm|pl)$", 40),
        _debian("git=1:2.39.5-0+deb12u3", r"\.(perl|pm)$", 20),
    ),
    "lua": (
        _debian("luarocks=3.8.0+dfsg1-1", r"\.(lua|rockspec)$", 110),
        _debian("awesome=4.3-7", r"\.lua$", 90),
    ),
    "r": (_debian("r-cran-ggplot2=3.4.1+dfsg-1", r"\.[rR]$", 200),),
    "julia": (_pypi("julia==0.6.2", r"\.jl$", 100), _pypi("juliacall==0.9.20", r"\.jl$", 100)),
    "elixir": (_debian("elixir-lang=1.14.0.dfsg-2", r"\.exs?$", 200),),
    "haskell": (
        _debian("pandoc=2.17.1.1-2~deb12u1", r"\.hs$", 140),
        _debian("haskell-aeson=2.0.3.0-1", r"\.hs$", 40),
        _debian("xmonad=0.17.1-1", r"\.hs$", 20),
    ),
    "sql": (_debian("postgis=3.3.2+dfsg-1", r"\.sql$", 200),),
    "shellscript": (
        _debian("git=1:2.39.5-0+deb12u3", r"(?<!git-gui)\.sh$", 120),
        _debian("docker.io=20.10.24+dfsg1-1+deb12u1", r"\.(sh|bash)$", 30),
        _npm("node-rdkafka@2.18.0", r"\.sh$", 30),
        _debian("golang-github-containers-buildah=1.28.2+ds1-3+deb12u1", r"\.sh$", 20),
    ),
    "powershell": (
        _pypi("ansible==9.5.1", r"\.psm?1$", 180),
        _npm("react-native-windows@0.72.0", r"\.ps1$", 20),
        _npm("node-rdkafka@2.18.0", r"\.ps1$", 10),
    ),
    "bat": (
        _debian("cmake=3.25.1-1", r"\.(bat|cmd)$", 40),
        _debian("thrift=0.17.0-2", r"\.(bat|cmd)$", 40),
        _debian("scala=2.11.12-5", r"\.(bat|cmd)$", 40),
        _debian("groovy=2.4.21-8", r"\.(bat|cmd)$", 40),
        _debian("elixir-lang=1.14.0.dfsg-2", r"\.(bat|cmd)$", 40),
        _debian("ant=1.10.13-1", r"\.bat$", 40),
        _debian("tomcat9=9.0.70-2", r"\.(bat|cmd)$", 40),
        _npm("react-native@0.64.2", r"\.(bat|cmd)$", 10),
        _npm("cordova-android@12.0.1", r"\.(bat|cmd)$", 10),
        _debian("boost1.74=1.74.0+ds1-21", r"\.(bat|cmd)$", 40),
        _debian("fpc=3.2.2+dfsg-20", r"\.bat$|win32.*\.cmd$", 40),
        _debian("kotlin=1.3.31+ds1-1", r"\.bat$", 40),
        _debian("flatbuffers=2.0.8+dfsg1-2", r"\.bat$", 40),
        _debian("git=1:2.39.5-0+deb12u3", r"\.bat$", 40),
    ),
    "html": (
        _npm("foundation-sites@6.8.1", r"\.html$", 70),
        _npm("uikit@3.18.3", r"\.html$", 40),
        _npm("dijit@1.17.3", r"\.html$", 90),
    ),
    "xml": (
        _npm("react-native@0.64.2", r"\.xml$", 60),
        _npm("react-native-windows@0.72.0", r"\.(props|targets|xml|vcxproj|xaml)$", 60),
        _debian("groovy=2.4.21-8", r"\.(xml|xsl|svg)$", 30),
        _debian("kotlin=1.3.31+ds1-1", r"\.(xml|xsl|svg)$", 30),
        _debian("keepass2=2.47+dfsg-2", r"\.(resx|xsl|xml)$", 10),
        _debian("ant=1.10.13-1", r"\.xml$", 20),
    ),
    "vue": (
        _npm("element-ui@2.15.14", r"\.vue$", 70),
        _npm("iview@3.5.4", r"\.vue$", 60),
        _npm("buefy@0.9.29", r"\.vue$", 70),
    ),
    "css": (
        _npm("antd@4.24.15", r"(?<!min)\.css$", 60),
        _npm("element-ui@2.15.14", r"\.css$", 55),
        _npm("dijit@1.17.3", r"\.css$", 60),
        _npm("bootstrap@5.3.3", r"(?<!min)\.css$", 10),
        _npm("matrix-react-sdk@3.90.0", r"\.pcss$", 22),
    ),
    "scss": (
        _npm("bootstrap@5.3.3", r"\.scss$", 60),
        _npm("foundation-sites@6.8.1", r"\.scss$", 60),
        _npm("uikit@3.18.3", r"\.scss$", 40),
        _npm("element-ui@2.15.14", r"\.scss$", 40),
    ),
    "less": (
        _npm("antd@4.24.15", r"\.less$", 90),
        _npm("uikit@3.18.3", r"\.less$", 60),
        _npm("semantic-ui-less@2.5.0", r"\.less$", 30),
        _npm("dijit@1.17.3", r"\.less$", 20),
    ),
    "dockerfile": (
        _debian(
            "golang-github-containers-buildah=1.28.2+ds1-3+deb12u1", r"/(Dockerfile|Containerfile)[^/]*$", 120
        ),
        _debian("docker.io=20.10.24+dfsg1-1+deb12u1", r"/Dockerfile[^/]*(?<!\.md)(?<!\.nanorc)$", 50),
        _debian("cargo=0.66.0+ds1-1", r"/Dockerfile[^/]*$", 20),
        _pypi("ansible==9.5.1", r"/Dockerfile[^/]*$", 30),
        _debian("flatbuffers=2.0.8+dfsg1-2", r"/Dockerfile[^/]*$", 20),
        _debian("boost1.74=1.74.0+ds1-21", r"/Dockerfile[^/]*$", 10),
        _debian("thrift=0.17.0-2", r"/Dockerfile[^/]*$", 10),
    ),
    "makefile": (
        _debian("u-boot=2023.01+dfsg-2+deb12u3", r"/(Makefile|[^/]*\.mk)$", 140),
        _debian("git=1:2.39.5-0+deb12u3", r"/Makefile$", 20),
        _npm("react-native@0.64.2", r"\.mk$", 40),
    ),
    "terraform": (
        _debian("golang-github-hashicorp-hcl-v2=2.14.1-2", r"\.(hcl|tf)$", 60),
        _debian("golang-github-hashicorp-hcl=1.0.0-1.1", r"(?<!complex)(?<!complex_crlf)\.(hcl|tf)$", 90),
        _debian("docker.io=20.10.24+dfsg1-1+deb12u1", r"\.(hcl|tf)$", 10),
    ),
    "yaml": (
        _pypi("ansible==9.5.1", r"\.ya?ml$", 125),
        _debian("keystone=2:22.0.2-0+deb12u6", r"\.ya?ml$", 40),
        _debian("docker.io=20.10.24+dfsg1-1+deb12u1", r"\.ya?ml$", 30),
        _debian("rubocop=1.39.0+dfsg-1", r"\.ya?ml$", 20),
    ),
    "toml": (_debian("cargo=0.66.0+ds1-1", r"^(?!.*/invalid/).*\.toml$", 200),),
    "json": (
        _npm("lottie-ios@3.4.0", r"\.json$", 50),
        _debian("haskell-aeson=2.0.3.0-1", r"\.json$", 50),
        _npm("@salesforce/design-system-react@0.10.50", r"\.json$", 50),
        _debian("keystone=2:22.0.2-0+deb12u6", r"\.json$", 50),
        _debian("cmake=3.25.1-1", r"\.json$", 40),
    ),
    "jsonc": (
        _debian("node-typescript=4.8.4+ds1-2", r"(tsconfig[^/]*\.json|\.jsonc|\.eslintrc\.json)$", 200),
    ),
    "ini": (
        _pypi("ansible==9.5.1", r"\.(ini|cfg)$|\.editorconfig$|\.flake8$", 100),
        _debian("keystone=2:22.0.2-0+deb12u6", r"\.(ini|cfg)$", 20),
        _debian("fpc=3.2.2+dfsg-20", r"\.(ini|cfg)$", 20),
        _debian("systemd=252.39-1~deb12u2", r"\.(conf|service|socket|timer|desktop)$", 140),
    ),
    "properties": (
        _debian("tomcat9=9.0.70-2", r"\.properties$", 100),
        _debian("kotlin=1.3.31+ds1-1", r"\.properties$", 50),
        _debian("ant=1.10.13-1", r"\.properties$", 30),
        _debian("groovy=2.4.21-8", r"\.properties$", 20),
    ),
    "markdown": (
        _npm("eslint-plugin-unicorn@50.0.1", r"\.md$", 30),
        _npm("@typescript-eslint/eslint-plugin@5.62.0", r"\.md$", 30),
        _debian("cargo=0.66.0+ds1-1", r"\.md$", 50),
        _debian("docker.io=20.10.24+dfsg1-1+deb12u1", r"\.md$", 50),
        _npm("@wordpress/components@27.0.0", r"\.md$", 60),
        _debian("pandoc=2.17.1.1-2~deb12u1", r"^[^/]*/[^/]*\.md$|doc/.*\.md$", 10),
    ),
    "restructuredtext": (
        _debian("cmake=3.25.1-1", r"Help/.*\.rst$", 100),
        _debian("u-boot=2023.01+dfsg-2+deb12u3", r"doc/.*\.rst$", 60),
        _debian("php-twig=3.5.1-1+deb12u3", r"\.rst$", 40),
    ),
    "proto": (_npm("google-proto-files@4.0.0", r"\.proto$", 200),),
    "graphql": (
        _npm("@magento/venia-ui@3.0.0", r"\.graphql$", 60),
        _npm("@magento/venia-concept@3.0.0", r"\.graphql$", 60),
        _npm("@magento/venia-ui@1.0.0", r"\.graphql$", 20),
    ),
    "plaintext": (_debian("cmake=3.25.1-1", r"\.txt$", 200),),
}
"""By language. What no client gives is left out, and said."""
