"""What is claimed about speed and quality, measured again by anyone."""
