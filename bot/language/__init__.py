"""Text as it can be compared: normalised, spelling repaired, cut into features. Pure."""
