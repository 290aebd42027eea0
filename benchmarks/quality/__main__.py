"""``python -m benchmarks.quality`` runs all benchmarks of this package."""

from .run import main

if __name__ == "__main__":
    main()
