"""Two accounts that turn out to be one: what happens to each table's rows, the record of it, and the way back."""
