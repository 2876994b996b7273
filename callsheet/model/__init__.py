"""Frozen values and pure functions on them. No file, no network, no clock."""

import sys

from callsheet.model.former_modules import FormerModules

sys.meta_path.append(FormerModules())
