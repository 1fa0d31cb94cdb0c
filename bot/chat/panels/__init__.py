"""From what the services found to a panel with its words, and to the words that describe the picture."""
