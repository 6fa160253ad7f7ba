"""What happens by itself: the pump that runs activities, and the ticks that start recurring ones."""
