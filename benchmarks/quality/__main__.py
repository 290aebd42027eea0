"""``python -m benchmarks.quality``."""

from .run import main

if __name__ == "__main__":
    main()
