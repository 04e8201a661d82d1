"""Te reo Māori."""
