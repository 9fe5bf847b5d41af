"""How Sphinx makes the documentation into a site: `nox -s docs` writes it into build/docs."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from pages import write  # beside this file

import pubkit
from pubkit.boundary import distribution

project = "pubkit"
author = "the pubkit developers"
release = distribution.version()

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx_copybutton"]
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 4

autodoc_typehints = "description"
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True

html_theme = "furo"
html_title = "pubkit"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sphinx = False
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#17566b", "color-brand-content": "#17566b"},
    "dark_css_variables": {"color-brand-primary": "#8fc7d8", "color-brand-content": "#8fc7d8"},
}
copybutton_prompt_text = "$ "
copybutton_only_copy_prompt_lines = True

write(Path(__file__).parent / "made", pubkit)
