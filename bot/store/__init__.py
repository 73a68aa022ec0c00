"""The ports kept in SQL: schema, migrations, and what is sealed. Knows no channel."""
