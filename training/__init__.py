"""How the reading model of ``qa/reading`` was made: data, training, calibration, export, report. Not in the wheel."""
