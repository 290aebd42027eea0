"""``python -m benchmarks.peers`` compares all frameworks that are installed."""

from .run import main

if __name__ == "__main__":
    main()
