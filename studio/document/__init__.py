"""What an animator makes: takes, where they came from, and the store that holds their motion."""
