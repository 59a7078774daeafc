"""`python -m symprop`: the command line without an installed script."""

import sys

from symprop.cli.main import main

sys.exit(main())
