"""A told example in a throw-away copy. Only `secondstory demo` installs this app, so its switch of persons exists nowhere else."""
