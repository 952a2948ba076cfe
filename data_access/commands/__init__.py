"""Groups of commands of ``python -m data_access``. What is heavy is imported inside the commands, so
that help and short answers come at once."""
