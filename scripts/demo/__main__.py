"""`python -m scripts.demo`: print the demo articles as NDJSON."""

import json
import sys

from scripts.demo import articles


def main() -> None:
    """Write one line of UTF-8 for each article to standard output."""
    for article in articles():
        line = json.dumps(article, ensure_ascii=False) + "\n"
        sys.stdout.buffer.write(line.encode())
    sys.stdout.flush()


if __name__ == "__main__":
    main()
