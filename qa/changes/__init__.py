"""Is it still so? Corrections, updates, conflicts, versions, timelines, and saved answers held against today."""
