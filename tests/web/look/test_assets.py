"""What the build hook takes out of third-party styles, and that it works only when it must."""

import importlib.util
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[3]
VENDOR = PROJECT / "src" / "wholeplace" / "web" / "look" / "static" / "vendor"
spec = importlib.util.spec_from_file_location("build_assets", PROJECT / "build_assets.py")
assert spec is not None and spec.loader is not None
build = importlib.util.module_from_spec(spec)
spec.loader.exec_module(build)


@pytest.mark.parametrize(
    ("css", "gone"),
    [
        ("@font-face{font-family:GDS Transport;src:url(/assets/fonts/a.woff)}a{b:c}", "font-face"),
        ("a{font-family:GDS Transport,arial,sans-serif}", "GDS"),
        ('a{font-family:"GDS Transport"}', "GDS"),
        ("a{background:url(/assets/images/govuk-crest.svg)}", "crest"),
        ("a{b:c}/*# sourceMappingURL=a.css.map */", "sourceMappingURL"),
    ],
)
def test_what_may_not_be_used_is_taken_out(css: str, gone: str) -> None:
    assert gone not in build.clean_css(css)


def test_images_are_found_beside_the_style_sheet() -> None:
    assert build.clean_css("a{b:url(/assets/images/tick.svg)}") == "a{b:url(images/tick.svg)}"


def test_a_built_folder_is_not_built_again() -> None:
    assert build.build_assets(PROJECT) is False


def test_the_built_style_sheet_names_only_files_that_are_there() -> None:
    css = (VENDOR / "frontend.css").read_text("utf-8")
    assert not [
        word
        for word in ("GDS Transport", "@font-face", "url(/assets", "url(http", "sourceMapping")
        if word in css
    ]
    for name in set(build.re.findall(r"url\(images/([^)]+)\)", css)):
        assert (VENDOR / "images" / name).is_file()


def test_no_address_of_a_registry_stands_in_the_lock() -> None:
    assert '"resolved"' not in (PROJECT / "package-lock.json").read_text("utf-8")
