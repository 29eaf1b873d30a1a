"""`python -m scripts.demo`: print the demo articles as NDJSON."""

import json
import sys

from scripts.demo import articles

for article in articles():
    line = json.dumps(article, ensure_ascii=False) + "\n"
    sys.stdout.buffer.write(line.encode())
