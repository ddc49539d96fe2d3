from leap_by_bytes import leap
leap()
