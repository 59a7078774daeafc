"""Settings for all tests: no time limits on examples; in CI the same examples in every run."""

import os

from hypothesis import settings

settings.register_profile("symprop", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("symprop")
