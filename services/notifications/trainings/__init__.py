"""The plans of trainings as enrollment tells them, and the letters to those who are concerned."""
