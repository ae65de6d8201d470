"""The shapes of the API's projects, packages and selections."""
