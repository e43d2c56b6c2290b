"""Pure folds over events: what every screen and report is made of."""
